import type { Counters } from '#src/base/index.js';

/** Where a listening door counts what it turns away. */
export interface DoorCounts {
  readonly counters: Counters;
  /** What the metrics call it. */
  readonly door: 'south' | 'trigger' | 'proxy' | 'health';
}
