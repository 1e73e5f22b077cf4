import type { Counters } from '#src/base/index.js';

/** How often each limit without a counter of its own was met. */
export function metLimits(counters: Counters): Record<string, number> {
  return Object.fromEntries(counters.samples('postern_limits_met_total').map(({ labels, value }) => [labels['limit'] ?? '', value]));
}
