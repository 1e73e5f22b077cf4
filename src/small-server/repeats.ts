import type { Clock, DmResponse, Milliseconds } from '#src/base/index.js';

/** Bytes of the answers that are kept at most, and how many. */
const maxBytes = 4_194_304;
const maxEntries = 2_048;

interface Exchange {
  /** SHA-256 of the message, hex. */
  readonly digest: string;
  readonly answer: Promise<DmResponse>;
  readonly bytes: number;
  readonly until: number;
}

/** The last message of each session and client with its answer: a byte-identical repeat gets it again, and has no second effect. */
export class Repeats {
  readonly #clock: Clock;
  readonly #window: Milliseconds;
  /** The oldest first. */
  readonly #exchanges = new Map<string, Exchange>();
  #bytes = 0;

  constructor(clock: Clock, window: Milliseconds) {
    this.#clock = clock;
    this.#window = window;
  }

  /** The answer to exactly this message, if it was the last. */
  find(key: string, digest: string): Promise<DmResponse> | undefined {
    const last = this.#exchanges.get(key);
    return last?.digest === digest && last.until > this.#clock.monotonic() ? last.answer : undefined;
  }

  keep(keys: readonly string[], digest: string, exchange: { readonly answer: Promise<DmResponse>; readonly bytes: number }): void {
    for (const key of keys) {
      this.forget(key);
      this.#exchanges.set(key, { ...exchange, digest, until: this.#clock.monotonic() + this.#window });
      this.#bytes += exchange.bytes;
    }
    for (const [key, { until }] of this.#exchanges) {
      if (until > this.#clock.monotonic() && this.#exchanges.size <= maxEntries && this.#bytes <= maxBytes) break;
      this.forget(key);
    }
  }

  forget(key: string): void {
    this.#bytes -= this.#exchanges.get(key)?.bytes ?? 0;
    this.#exchanges.delete(key);
  }
}
