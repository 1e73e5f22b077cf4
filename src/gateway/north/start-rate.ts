import type { Clock, Milliseconds } from '#src/base/index.js';

/** New sessions in any second, unless the settings say otherwise. */
const usualRate = 20;

/** Never more starts within any second than so many. */
export class StartRate {
  readonly perSecond: number;
  readonly #clock: Clock;
  /** When the last ones were, the oldest first; no more than may be in a second. */
  readonly #starts: Milliseconds[] = [];

  constructor(clock: Clock, perSecond = usualRate) {
    this.#clock = clock;
    this.perSecond = perSecond;
  }

  /** How long until one more may start; 0: now. */
  get wait(): Milliseconds {
    const oldest = this.#starts.length < this.perSecond ? undefined : this.#starts[0];
    return oldest === undefined ? 0 : Math.max(0, oldest + 1_000 - this.#clock.monotonic());
  }

  /** One has started. */
  count(): void {
    this.#starts.push(this.#clock.monotonic());
    if (this.#starts.length > this.perSecond) this.#starts.shift();
  }
}
