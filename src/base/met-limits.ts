import type { Counters } from './counters.js';

/**
 * Limits that have no counter of their own, by their key in the configuration or, where that is fixed, by a name for it. Each has its row in
 * docs/reference/limits.md.
 */
export const metLimits = [
  'limits.objectBytes',
  'limits.deviceWait',
  'retry.alertsPerDevice',
  'triggers.poll.maxWaiting',
  'triggers.limits.age',
  'triggers.udp.perMinute',
  'triggers.udp at once',
  'triggers.udp bytes',
  'transparent.idle',
  'presence.newPerMinute',
  'presence.mostDiscovered',
  'presence.mostQuarantined',
] as const;

export type MetLimit = (typeof metLimits)[number];

/** Counts that somebody has met a limit, so many times. */
export function countMet(counters: Counters | undefined, limit: MetLimit, times = 1): void {
  counters?.add('postern_limits_met_total', { limit }, times);
}
