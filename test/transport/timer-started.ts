import { setImmediate } from 'node:timers/promises';
import type { ManualClock } from '#src/base/index.js';

/** Resolves as soon as a timer of this name is pending. */
export async function timerStarted(clock: ManualClock, name: string): Promise<void> {
  while (!clock.pending().includes(name)) await setImmediate();
}
