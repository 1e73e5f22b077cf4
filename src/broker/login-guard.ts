import type { Clock, Milliseconds } from '#src/base/index.js';
import { Tally } from './tally.js';

export interface LoginGuardOptions {
  readonly failuresPerMinute: number;
  readonly clock: Clock;
}

const minute = 60_000;
/** How long nothing more of a name is looked at when it has used up its failures. */
const lockout: Milliseconds = 10 * minute;
const firstDelay: Milliseconds = 100;
const longestDelay: Milliseconds = 3_000;
/** User names that are remembered to have come from their address. */
const knownAtMost = 4_096;

/**
 * What guessing passwords costs. All names of an address share one count, except those that have been right from there: whoever
 * guesses locks out neither other addresses nor the devices that he shares his with.
 */
export class LoginGuard {
  readonly #failures: Tally;
  readonly #known = new Set<string>();

  constructor({ failuresPerMinute, clock }: LoginGuardOptions) {
    this.#failures = new Tally({ most: failuresPerMinute - 1, every: minute, ban: lockout, clock });
  }

  /** Whether a password is looked at at all. */
  admits(address: string, userName: string): boolean {
    return !this.#failures.isOver(this.#name(address, userName));
  }

  /** How long the refusal is held back: twice as long each time. */
  failed(address: string, userName: string): Milliseconds {
    const failures = this.#failures.add(this.#name(address, userName));
    return Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
  }

  succeeded(address: string, userName: string): void {
    if (this.#known.size < knownAtMost) this.#known.add(`${address} ${userName}`);
  }

  #name(address: string, userName: string): string {
    const pair = `${address} ${userName}`;
    return this.#known.has(pair) ? pair : address;
  }
}
