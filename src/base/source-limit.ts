import type { Clock, Milliseconds } from './clock.js';

export interface SourceLimitOptions {
  /** Of one source, in `every`. */
  readonly most: number;
  readonly every: Milliseconds;
  readonly clock: Clock;
  /** Sources remembered at once; beyond them all others share one allowance. */
  readonly sources?: number;
}

/** Where everybody goes for whom there is no room: a flood of invented sources gets no more than one. */
const everybodyElse = '';

/** Counts what each source sends within a window of time. */
export class SourceLimit {
  readonly #options: SourceLimitOptions;
  readonly #counts = new Map<string, number>();
  #windowEnd = Number.NEGATIVE_INFINITY;

  constructor(options: SourceLimitOptions) {
    this.#options = options;
  }

  /** Whether one more of this source is within its allowance. */
  admits(source: string): boolean {
    const { most, every, clock, sources = 4_096 } = this.#options;
    if (clock.monotonic() >= this.#windowEnd) {
      this.#counts.clear();
      this.#windowEnd = clock.monotonic() + every;
    }
    const key = this.#counts.has(source) || this.#counts.size < sources ? source : everybodyElse;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > most) return false;
    this.#counts.set(key, count);
    return true;
  }
}
