import type { Counters } from '#src/base/index.js';

/** Where devices show credentials, as the metrics call it. */
export type LoginDoor = 'south' | 'poll' | 'proxy';

/** Counts credentials that let nobody in: wrong ones, and those that were not looked at. */
export function countLogin({ counters }: { readonly counters?: Counters }, door: LoginDoor, outcome: 'unproved' | 'delayed'): void {
  counters?.add('postern_logins_refused_total', { door, outcome });
}
