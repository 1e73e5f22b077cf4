import { getHeapStatistics } from 'node:v8';
import { collectGarbage } from './collect-garbage.js';

/** By how much buffers may grow between two looks; V8 lets 32 MiB of them come before it looks for those that nobody has any more. */
const most = 4 * 1024 * 1024;

export interface BufferThriftParts {
  /** Bytes in buffers now, whether somebody has them or not. */
  readonly held?: () => number;
  readonly collect?: () => void;
}

/** Frees buffers that nobody has any more: who sends without end fills them faster than objects, whose number V8 goes by. */
export class BufferThrift {
  readonly #parts: Required<BufferThriftParts>;
  #least = Number.POSITIVE_INFINITY;

  constructor(parts: BufferThriftParts = {}) {
    this.#parts = { held, collect: () => collectGarbage('minor'), ...parts };
  }

  /** @returns whether garbage was collected */
  follow(): boolean {
    this.#least = Math.min(this.#least, this.#parts.held());
    if (this.#parts.held() - this.#least < most) return false;
    this.#parts.collect();
    this.#least = this.#parts.held();
    return true;
  }
}

function held(): number {
  return getHeapStatistics().external_memory;
}
