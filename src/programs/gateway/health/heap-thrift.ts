import { setFlagsFromString } from 'node:v8';
import type { Clock, Milliseconds } from '#src/base/index.js';
import { collectGarbage } from './collect-garbage.js';

/** From this share of the ceiling on V8 is thrifty, and below that it is not any more. */
const thriftyFrom = 0.72;
const thriftyUntil = 0.66;
/** From here on garbage is collected now, before anybody is refused for it. */
const collectFrom = 0.9;
const betweenCollections: Milliseconds = 5_000;

export interface HeapThriftParts {
  readonly clock: Clock;
  /** Tells V8 how much the old heap may grow before it is collected, in percent; 0: as V8 likes. */
  readonly grow?: (percent: number) => void;
  readonly collect?: () => void;
}

/** Has V8 live on less when memory is short. */
export class HeapThrift {
  readonly #parts: Required<HeapThriftParts>;
  #thrifty = false;
  #collectedAt: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(parts: HeapThriftParts) {
    this.#parts = { grow: growBy, collect: () => collectGarbage('major'), ...parts };
  }

  /** @param share of the ceiling that is used. @returns whether garbage was collected */
  follow(share: number): boolean {
    const turned = this.#turn(this.#thrifty ? share >= thriftyUntil : share >= thriftyFrom);
    // What the heap may grow to is decided at each collection: without one now it would still grow as before.
    if (turned || share >= collectFrom) return this.#collect();
    return false;
  }

  /** @returns whether it has become thrifty now */
  #turn(thrifty: boolean): boolean {
    if (thrifty === this.#thrifty) return false;
    this.#thrifty = thrifty;
    this.#parts.grow(thrifty ? 30 : 0);
    return thrifty;
  }

  #collect(): boolean {
    const { clock, collect } = this.#parts;
    if (clock.monotonic() - this.#collectedAt < betweenCollections) return false;
    this.#collectedAt = clock.monotonic();
    collect();
    return true;
  }
}

function growBy(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
