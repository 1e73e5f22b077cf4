import type { Clock, Milliseconds, Timer } from '#src/base/index.js';

/** Tells when nothing has happened for a time, with one timer however much happens. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #limit: Milliseconds;
  readonly #onIdle: () => void;
  #last: Milliseconds;
  #timer: Timer;

  constructor(clock: Clock, limit: Milliseconds, onIdle: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onIdle = onIdle;
    this.#last = clock.monotonic();
    this.#timer = this.#arm(limit);
  }

  /** Something has happened. */
  touch(): void {
    this.#last = this.#clock.monotonic();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #arm(delay: Milliseconds): Timer {
    return this.#clock.timer('forward proxy idle', delay, () => this.#look());
  }

  #look(): void {
    const left = this.#last + this.#limit - this.#clock.monotonic();
    if (left <= 0) this.#onIdle();
    else this.#timer = this.#arm(left);
  }
}
