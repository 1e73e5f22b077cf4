import type { Milliseconds } from '#src/base/index.js';
import { readOldHeap } from './old-heap.js';

/** What the gateway may use. */
export interface LoadCeilings {
  /** Bytes of the whole process in RAM. */
  readonly memory: number;
  /** How late timers may be. */
  readonly loopDelay: Milliseconds;
}

/** How near something is to its ceiling. */
export interface Pressure {
  readonly of: 'memory' | 'heap' | 'loop';
  /** 1: it is there. */
  readonly share: number;
  /** What stands against what, such as `memory: 125 of 128 MiB (limits.memory)`. */
  readonly why: string;
}

const mebibyte = 1024 * 1024;

/** What this process uses now. The heap has a ceiling of its own: at V8's the process would end. @param late how late timers run */
export function processLoad({ memory, loopDelay }: LoadCeilings, late: Milliseconds): Pressure[] {
  const rss = process.memoryUsage.rss();
  const { used, most } = readOldHeap();
  return [
    { of: 'memory', share: rss / memory, why: `memory: ${inMebibytes(rss)} of ${inMebibytes(memory)} MiB (limits.memory)` },
    { of: 'heap', share: used / most, why: `heap: ${inMebibytes(used)} of ${inMebibytes(most)} MiB (--max-old-space-size of Node)` },
    { of: 'loop', share: late / loopDelay, why: `late by ${Math.round(late)} of ${loopDelay} ms (limits.loopDelay)` },
  ];
}

function inMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte);
}
