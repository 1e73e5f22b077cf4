import type { Clock } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import type { DeviceSession } from './device-sessions.js';

/** Tells by their connections which devices are there. A keep-alive is the promise to be heard within half as long again. */
export class Presence {
  readonly #sightings: Sightings | undefined;
  readonly #clock: Clock;

  constructor(sightings: Sightings | undefined, clock: Clock) {
    this.#sightings = sightings;
    this.#clock = clock;
  }

  connected(session: DeviceSession): void {
    const { device: id, address, keepAlive } = session;
    session.heardAt = this.#clock.monotonic();
    this.#sightings?.seen({ id, by: 'broker', address, ...(keepAlive === 0 ? {} : { heartbeat: keepAlive * 1.5 }) });
  }

  /** A packet of it has come; told no more often than its promise needs. */
  heard(session: DeviceSession): void {
    const { keepAlive, heardAt } = session;
    if (keepAlive > 0 && this.#clock.monotonic() - heardAt >= keepAlive / 2) this.connected(session);
  }

  left(device: string): void {
    this.#sightings?.gone(device, 'broker');
  }
}
