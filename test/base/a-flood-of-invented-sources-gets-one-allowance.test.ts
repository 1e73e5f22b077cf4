import { expect, test } from 'vitest';
import { ManualClock, SourceLimit } from '#src/base/index.js';

test('each source has its own, until there are too many of them', () => {
  const clock = new ManualClock();
  const limit = new SourceLimit({ most: 2, every: 1_000, clock, sources: 3 });
  expect([limit.admits('a'), limit.admits('a'), limit.admits('a'), limit.admits('b'), limit.admits('c')]).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  const flood = Array.from({ length: 1_000 }, (_, at) => limit.admits(`invented-${at}`));
  expect(flood.filter(Boolean)).toHaveLength(2);
  expect(limit.admits('b')).toBe(true);
  clock.advance(1_000);
  expect(limit.admits('a')).toBe(true);
});
