import type { Counters } from '#src/base/index.js';

/** Why a datagram, or what it announced, was not taken. */
export type DropReason = 'off-link' | 'too-large' | 'too-many' | 'malformed' | 'no-credit' | 'no-room' | 'description';

/** Counts what is dropped, by reason: each is nothing, many are worth a look. */
export class Drops {
  readonly #counts = new Map<DropReason, number>();
  readonly #counters: Counters | undefined;

  constructor(counters?: Counters) {
    this.#counters = counters;
  }

  count(reason: DropReason): void {
    this.#counters?.add('postern_discovery_dropped_total', { protocol: 'ssdp', reason });
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  of(reason: DropReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  /** All since the last time it was asked; undefined: none. */
  taken(): Readonly<Record<string, number>> | undefined {
    if (this.#counts.size === 0) return undefined;
    const counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return counts;
  }
}
