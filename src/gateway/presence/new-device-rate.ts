import type { Clock } from '#src/base/index.js';

const minute = 60_000;

/** How many unknown devices may be written down: so many at once, and as many again in each minute. */
export class NewDeviceRate {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #left: number;
  #at: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#at = clock.monotonic();
  }

  /** Whether one more may; it then has. */
  take(): boolean {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#perMinute, this.#left + ((now - this.#at) / minute) * this.#perMinute);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
