import type { Milliseconds } from '#src/base/index.js';

/** What waits for a device until it has acknowledged it. */
export interface QueuedMessage {
  /** Rises with each message: the order in which they go. */
  readonly id: number;
  /** Below the device's own place. */
  readonly leaf: string;
}

/** How much waits. */
export interface QueueLoad {
  readonly rows: number;
  /** Of the payloads. */
  readonly bytes: number;
}

/** What the gateway sends to devices by the embedded broker. It goes with its device. */
export interface DeviceQueueRepository {
  /** @param createdAt milliseconds since 1970 */
  add(device: string, leaf: string, payload: Uint8Array, createdAt: Milliseconds): void;
  /** For one device, or for all. */
  load(device?: string): QueueLoad;
  /** The oldest first. */
  waiting(device: string): QueuedMessage[];
  payload(id: number): Uint8Array | undefined;
  drop(id: number): void;
  /** Drops what waits for a device under this leaf. */
  dropLeaf(device: string, leaf: string): void;
  /** Drops what was added before this time; how many. What a clock that was not set has dated is of unknown age and stays. */
  expire(before: Milliseconds): number;
}
