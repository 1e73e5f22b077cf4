import type { Clock, Milliseconds } from '#src/base/index.js';
import type { DmResponse } from '../wire.js';

/** The last message of a session with its answer, which a byte-identical repeat gets again. */
export interface LastExchange {
  readonly digest: string;
  readonly answer: Promise<DmResponse>;
}

/** Ended sessions whose last answer is remembered at most. */
const capacity = 256;

/** Last answers of sessions that have ended, for a device that repeats its last message because the answer was lost. */
export class RecentAnswers {
  readonly #clock: Clock;
  readonly #window: Milliseconds;
  /** By token and by device, the oldest first. */
  readonly #entries = new Map<string, { readonly exchange: LastExchange; readonly until: number }>();

  constructor(clock: Clock, window: Milliseconds) {
    this.#clock = clock;
    this.#window = window;
  }

  put(keys: readonly string[], exchange: LastExchange): void {
    const until = this.#clock.monotonic() + this.#window;
    for (const key of keys) {
      this.#entries.delete(key);
      this.#entries.set(key, { exchange, until });
    }
    exchange.answer.then(
      ({ status }) => status !== 200 && this.#forget(keys, exchange),
      () => this.#forget(keys, exchange),
    );
    for (const [key, entry] of this.#entries) {
      if (entry.until > this.#clock.monotonic() && this.#entries.size <= 2 * capacity) break;
      this.#entries.delete(key);
    }
  }

  /** A message that was not taken is not known: when it comes again it may be. */
  #forget(keys: readonly string[], exchange: LastExchange): void {
    for (const key of keys) if (this.#entries.get(key)?.exchange === exchange) this.#entries.delete(key);
  }

  find(key: string): LastExchange | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#clock.monotonic() ? entry.exchange : undefined;
  }
}
