import type { Clock, Milliseconds } from '#src/base/index.js';

export interface TallyOptions {
  /** Within `every`. */
  readonly most: number;
  readonly every: Milliseconds;
  /** How long one that had more is over the limit; absent: to the end of its time. */
  readonly ban?: Milliseconds;
  readonly clock: Clock;
}

/** Names remembered at once; beyond them all others are counted together. */
const capacity = 4_096;
const everybodyElse = '';

/** Counts what each name does within a window of its own. */
export class Tally {
  readonly #options: TallyOptions;
  readonly #counts = new Map<string, { count: number; until: Milliseconds }>();

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  /** Counts one more; how many that makes. */
  add(name: string): number {
    const { most, every, ban, clock } = this.#options;
    const entry = this.#entry(name) ?? this.#open(name, clock.monotonic() + every);
    entry.count += 1;
    if (entry.count === most + 1 && ban !== undefined) entry.until = clock.monotonic() + ban;
    return entry.count;
  }

  count(name: string): number {
    return this.#entry(name)?.count ?? 0;
  }

  isOver(name: string): boolean {
    return this.count(name) > this.#options.most;
  }

  #entry(name: string) {
    const key = this.#counts.has(name) || this.#counts.size < capacity ? name : everybodyElse;
    const entry = this.#counts.get(key);
    if (entry === undefined || entry.until > this.#options.clock.monotonic()) return entry;
    this.#counts.delete(key);
    return undefined;
  }

  #open(name: string, until: Milliseconds) {
    if (this.#counts.size >= capacity) this.#forgetEnded();
    const entry = { count: 0, until };
    this.#counts.set(this.#counts.size < capacity ? name : everybodyElse, entry);
    return entry;
  }

  #forgetEnded(): void {
    const now = this.#options.clock.monotonic();
    for (const [name, { until }] of this.#counts) if (until <= now) this.#counts.delete(name);
  }
}
