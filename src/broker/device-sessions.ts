import type { Milliseconds } from '#src/base/index.js';
import type { Allowance } from './allowance.js';
import type { GuardedConnection } from './guarded-connection.js';
import { isTopicIn, matches, placeOf } from './place.js';

/** Message ids of what waits in our own queue: 1 to this. aedes' messages have those above. */
export const window = 16;
const lastMessageId = 65_535;

export interface SessionStart {
  readonly device: string;
  /** Of the credentials that were shown. */
  readonly mark: string;
  readonly address: string;
  /** As it was sent; a further connection under the same takes its place. */
  readonly clientId: string;
  /** 0: no promise to be heard. */
  readonly keepAlive: Milliseconds;
  readonly connection: GuardedConnection;
  readonly allowance: Allowance;
}

/** A connection of a device that has proved itself. */
export class DeviceSession {
  readonly device: string;
  readonly place: string;
  readonly mark: string;
  readonly address: string;
  readonly clientId: string;
  readonly keepAlive: Milliseconds;
  readonly connection: GuardedConnection;
  readonly allowance: Allowance;
  /** Filters that it was allowed to subscribe to. */
  readonly asked = new Set<string>();
  /** What it has subscribed to, with the QoS that was granted. */
  readonly filters = new Map<string, number>();
  /** Message id → the queued message that waits for its PUBACK. */
  readonly inFlight = new Map<number, number>();
  heardAt: Milliseconds = 0;
  #forwardId = window;

  constructor(start: SessionStart) {
    this.device = start.device;
    this.place = placeOf(start.device);
    this.mark = start.mark;
    this.address = start.address;
    this.clientId = start.clientId;
    this.keepAlive = start.keepAlive;
    this.connection = start.connection;
    this.allowance = start.allowance;
  }

  owns(topic: string): boolean {
    return isTopicIn(this.place, topic);
  }

  /** The highest QoS among the subscriptions that match; undefined: none does. */
  qosFor(topic: string): number | undefined {
    const granted = [...this.filters].filter(([filter]) => matches(filter, topic)).map(([, qos]) => qos);
    return granted.length === 0 ? undefined : Math.max(...granted);
  }

  /** A message id of the window that is not in flight. */
  freeMessageId(): number | undefined {
    for (let id = 1; id <= window; id++) if (!this.inFlight.has(id)) return id;
    return undefined;
  }

  /** The next message id above the window. */
  nextForwardId(): number {
    this.#forwardId = this.#forwardId >= lastMessageId ? window + 1 : this.#forwardId + 1;
    return this.#forwardId;
  }
}

/** The open sessions, by device; one that connected earlier comes first. */
export class DeviceSessions {
  readonly #open = new Map<string, Set<DeviceSession>>();

  add(session: DeviceSession): void {
    const sessions = this.#open.get(session.device) ?? new Set();
    this.#open.set(session.device, sessions.add(session));
  }

  /** Whether it was the last of its device. */
  remove(session: DeviceSession): boolean {
    const sessions = this.#open.get(session.device);
    sessions?.delete(session);
    if (sessions?.size !== 0) return false;
    this.#open.delete(session.device);
    return true;
  }

  of(device: string): DeviceSession[] {
    return [...(this.#open.get(device) ?? [])];
  }

  all(): DeviceSession[] {
    return [...this.#open.values()].flatMap((sessions) => [...sessions]);
  }
}
