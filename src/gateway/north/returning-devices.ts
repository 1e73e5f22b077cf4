import type { Milliseconds } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import type { Place } from './place.js';
import type { ServerOutages } from './server-outages.js';
import type { StartRate } from './start-rate.js';

/** How long a device waits in its session for its turn, at most; whoever would wait longer is told to come later. */
const longestWait: Milliseconds = 5_000;
/** Nobody is told to stay away longer. */
const longestAbsence: Milliseconds = 300_000;
/** Share of the sessions that may wait here: others are there for other servers. */
const sessionsShare = 4;

export interface ReturningDevicesParts {
  readonly env: Pick<Environment, 'clock' | 'settings'>;
  /** Of all sessions that nobody waits for too. */
  readonly rate: StartRate;
  readonly outages: ServerOutages;
  /** Somebody waits: see to it that {@link ReturningDevices.startOne} is called when there is room. */
  readonly wake: () => void;
}

/** A device whose session waits for its turn with a server. */
interface Waiting {
  readonly device: string;
  /** The device has gone meanwhile. */
  readonly isOver: () => boolean;
  readonly go: (mayGo: boolean) => void;
}

/**
 * Sessions north that devices open, with a server that is away or has just come back: a few wait for their turn under the rate, further devices are
 * asked, before anything of them is taken, to come when the line in front of them will be gone.
 */
export class ReturningDevices {
  readonly #parts: ReturningDevicesParts;
  /** Who has been let in and has not had their turn. */
  readonly #held = new Set<string>();
  readonly #line: Waiting[] = [];
  /** When the last of those that were sent away will be back; monotonic. */
  #lastBack: Milliseconds = 0;
  #stopped = false;

  constructor(parts: ReturningDevicesParts) {
    this.#parts = parts;
  }

  get areWaiting(): boolean {
    return this.#line.length > 0;
  }

  /**
   * Asked once a device has proved itself. @param places the servers that its session will lead to
   * @returns 0: it is let in, and whoever lets it go says {@link left}; else how long it is to stay away
   */
  admit(device: string, places: readonly Place[]): Milliseconds {
    const unsteady = places.filter((place) => this.#parts.outages.isUnsteady(place));
    if (unsteady.length === 0) return 0;
    if (this.#hold(device)) return 0;
    const now = this.#parts.env.clock.monotonic();
    this.#lastBack = Math.min(Math.max(this.#lastBack, now + longestWait) + this.#spacing, now + longestAbsence);
    for (const place of unsteady) this.#parts.outages.staysUnsteady(place, this.#lastBack);
    return this.#lastBack - now;
  }

  /** Its session is over. */
  left(device: string): void {
    this.#held.delete(device);
  }

  /** Resolves when its session with the server may begin, or with false when it may not now: what waits for the server goes without the device. */
  turn(device: string, place: Place, isOver: () => boolean): Promise<boolean> {
    if (!this.#parts.outages.isUnsteady(place)) return Promise.resolve(true);
    if (this.#stopped || !this.#hold(device)) return Promise.resolve(false);
    return new Promise((go) => {
      this.#line.push({ device, isOver, go });
      this.#parts.wake();
    });
  }

  /** Lets the first go, if the rate has room. @returns false: nobody waits, or there is none */
  startOne(): boolean {
    while (this.#parts.rate.wait === 0) {
      const first = this.#line.shift();
      if (first === undefined) return false;
      this.#held.delete(first.device);
      const mayGo = !first.isOver();
      first.go(mayGo);
      if (!mayGo) continue;
      this.#parts.rate.count();
      return true;
    }
    return false;
  }

  /** Lets nobody go any more. */
  stop(): void {
    this.#stopped = true;
    for (const { go } of this.#line.splice(0)) go(false);
  }

  #hold(device: string): boolean {
    if (!this.#held.has(device) && this.#held.size >= this.#places) return false;
    this.#held.add(device);
    return true;
  }

  /** As many as have their turn in time, where every second start is somebody else's. */
  get #places(): number {
    const inTime = Math.floor(longestWait / (2 * this.#spacing));
    return Math.max(1, Math.min(inTime, Math.floor(this.#parts.env.settings.maxSessions / sessionsShare)));
  }

  get #spacing(): Milliseconds {
    return 1_000 / this.#parts.rate.perSecond;
  }
}
