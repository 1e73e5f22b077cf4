import type { Clock, Milliseconds, Timer } from './clock.js';
import type { Log } from './log.js';

/** What the system's clock may differ from the time that has passed before it is doubted. */
const mostDifference = 300_000;
/** Before this no version of ours was made: the system's clock has not been set yet. */
const earliest = Date.UTC(2025, 0, 1);

/**
 * The system's clock as far as it can be believed. It follows the small corrections that any clock gets; where the wall clock jumps against the
 * monotonic one, this clock goes on as if nothing had happened, so that nothing expires and nobody is asked at once for it, and says so.
 * A clock that was not set yet (before 2025) is followed as soon as it is set. Another start believes the wall clock again.
 */
export class SteadyClock implements Clock {
  readonly #system: Clock;
  readonly #log: Log;
  /** What the wall clock was, or would have been, when the monotonic one was zero. */
  #origin: Milliseconds;
  #doubt: string | undefined;

  constructor(system: Clock, log: Log) {
    this.#system = system;
    this.#log = log;
    this.#origin = system.now() - system.monotonic();
    this.#judge();
  }

  /** Why the system's clock is not believed now, in a sentence; undefined: it is. */
  get doubt(): string | undefined {
    this.#judge();
    return this.#doubt;
  }

  /** In whole milliseconds, as the system's is: the database takes no others. */
  now(): Milliseconds {
    this.#judge();
    return Math.round(this.#own());
  }

  monotonic(): Milliseconds {
    return this.#system.monotonic();
  }

  timer(name: string, delay: Milliseconds, run: () => void): Timer {
    return this.#system.timer(name, delay, run);
  }

  #own(): Milliseconds {
    return this.#origin + this.#system.monotonic();
  }

  #judge(): void {
    const wall = this.#system.now();
    const isSet = wall >= earliest;
    const isNear = Math.abs(wall - this.#own()) <= mostDifference;
    const isFirstSet = isSet && this.#own() < earliest;
    if (isNear || isFirstSet) this.#origin = wall - this.#system.monotonic();
    if (!isSet) this.#tell('the system clock is not set: it stands before 2025');
    else if (isNear || isFirstSet) this.#trust();
    else this.#tell(`the system clock has jumped; it is not followed until the gateway is started again`);
  }

  #tell(doubt: string): void {
    if (this.#doubt === doubt) return;
    this.#doubt = doubt;
    const [system, own] = [this.#system.now(), this.#own()].map((time) => new Date(time).toISOString());
    this.#log.warn({ code: 'time-untrusted', system, own }, doubt);
  }

  #trust(): void {
    if (this.#doubt === undefined) return;
    this.#doubt = undefined;
    this.#log.info({ code: 'time-trusted' }, 'the system clock is believed again');
  }
}
