import type { Timer } from '#src/base/index.js';
import { encodeNotification } from '#src/dm/notification/index.js';
import type { Environment } from '../environment.js';
import { freshSessionId } from '../north-session.js';
import type { DeviceRecord } from '../ports.js';

/** Sends a datagram to a device; whether it arrives nobody knows. */
export type SendDatagram = (address: string, port: number, bytes: Uint8Array) => void;

/** How devices in proxy mode are told that a server wants a session with them. */
export interface SouthTriggerPolicy {
  /** The port that a device listens on; undefined: it is not told, and asked at its next session. */
  readonly port: (device: string) => number | undefined;
  readonly send: SendDatagram;
}

/** Datagrams get lost: the same trigger goes again after these times, unless the device has come. */
const again: readonly number[] = [5_000, 30_000, 120_000];

export interface SouthTriggerParts {
  readonly env: Pick<Environment, 'clock' | 'entropy' | 'settings' | 'store' | 'log'>;
  readonly policy: SouthTriggerPolicy;
  /** Whether a server still waits for the device. */
  readonly isWanted: (device: string) => boolean;
}

/**
 * Asks devices for a session by a trigger of our own: under the gateway's server id, with the secret that the gateway has towards
 * the device. What the server has sent would mean nothing to it.
 */
export class SouthTriggers {
  readonly #parts: SouthTriggerParts;
  readonly #waiting = new Map<string, Timer>();

  constructor(parts: SouthTriggerParts) {
    this.#parts = parts;
  }

  /** Tells a device, unless it is being told already. */
  tell(device: string): void {
    if (this.#waiting.has(device)) return;
    const record = this.#parts.env.store.inventory.get(device);
    const port = this.#parts.policy.port(device);
    const trigger = record && this.#trigger(record);
    if (port === undefined || record === undefined || trigger === undefined) return;
    this.#send(record.id, port, trigger, again);
  }

  stop(): void {
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }

  /** None for a device that does not ask us for a password: it has nothing to know us by. */
  #trigger({ id, south: { serverSecret } }: DeviceRecord): Uint8Array | undefined {
    const { env } = this.#parts;
    if (serverSecret === undefined) return undefined;
    const nonce = env.store.nonces.get(`south/${id}`, 'server') ?? '';
    const about = { uiMode: 'background', initiator: 'server', sessionId: freshSessionId(env), serverId: env.settings.serverId } as const;
    return encodeNotification(about, serverSecret, nonce);
  }

  #send(device: string, port: number, trigger: Uint8Array, [next, ...later]: readonly number[]): void {
    const { env, policy, isWanted } = this.#parts;
    this.#waiting.delete(device);
    const address = env.store.inventory.get(device)?.facts.address;
    if (address === undefined || !isWanted(device)) return;
    policy.send(address, port, trigger);
    env.log.debug({ device, address, port }, 'a device is told that a server wants a session with it');
    if (next === undefined) return;
    this.#waiting.set(
      device,
      env.clock.timer('south-trigger', next, () => this.#send(device, port, trigger, later)),
    );
  }
}
