import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';

test('labels that were a mistake of ours cost no more than so much memory', () => {
  const counters = new Counters();
  for (let at = 0; at < 1_000; at += 1) counters.add('postern_messages_refused_total', { reason: `made-up-${at}` });
  counters.add('postern_messages_refused_total', { reason: 'made-up-0' });
  const samples = counters.samples('postern_messages_refused_total');
  expect(samples.length).toBe(256);
  expect(samples[0]).toEqual({ labels: { reason: 'made-up-0' }, value: 2 });
});
