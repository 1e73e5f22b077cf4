import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { LoopDelay } from '#src/programs/gateway/health/loop-delay.js';

/** Longer than it is between two looks: the look, which is due before, was taken. */
const looked = () => setTimeout(150);

test('as postern_event_loop_delay_p99_seconds, from the first question on', async () => {
  const delay = new LoopDelay();
  onTestFinished(() => delay.stop());
  expect(delay.read()).toBe(0);
  await looked();
  const end = performance.now() + 500;
  while (performance.now() < end) Math.sqrt(end);
  await looked();
  expect(delay.read()).toBeGreaterThan(0.3);
});
