import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { HeapThrift } from '../../../src/programs/gateway/health/heap-thrift.js';
import { oldHeapLimit } from '../../../src/programs/gateway/health/old-heap.js';
import { processLoad } from '../../../src/programs/gateway/health/process-load.js';

test('from 72 % on it grows by 30 % at most, below 66 % as it likes', () => {
  const grown: number[] = [];
  const thrift = new HeapThrift({
    clock: new ManualClock(),
    grow: (percent) => grown.push(percent),
    collect: () => {},
  });
  for (const share of [0.5, 0.71, 0.72, 0.9, 0.66, 0.65, 0.5]) thrift.follow(share);
  expect(grown).toEqual([30, 0]);
});

test('garbage is collected as it begins, and from 90 % on, every five seconds at most', () => {
  const clock = new ManualClock();
  const thrift = new HeapThrift({ clock, grow: () => {}, collect: () => {} });
  const collected = [0.5, 0.8, 0.95, 0.95].map((share) => thrift.follow(share));
  expect(collected).toEqual([false, true, false, false]);
  clock.advance(5_000);
  expect([thrift.follow(0.89), thrift.follow(0.9), thrift.follow(0.99)]).toEqual([false, true, false]);
});

test('it is really collected', () => {
  let garbage: unknown[] | undefined = Array.from({ length: 300_000 }, (_, at) => ({ at }));
  expect(garbage).toHaveLength(300_000);
  const before = getHeapStatistics().used_heap_size;
  garbage = undefined;
  expect(new HeapThrift({ clock: new ManualClock() }).follow(1)).toBe(true);
  expect(before - getHeapStatistics().used_heap_size).toBeGreaterThan(5_000_000);
});

test('memory stands against its limit, the heap against that of V8, lateness against its own', () => {
  const memory = process.memoryUsage.rss() * 2;
  const [ofMemory, ofHeap, ofLoop] = processLoad({ memory, loopDelay: 500 }, 250);
  expect(ofMemory?.share).toBeGreaterThan(0.3);
  expect(ofMemory?.share).toBeLessThan(0.9);
  expect(ofHeap?.share).toBeGreaterThan(0);
  expect(ofHeap?.share).toBeLessThan(1);
  expect(ofLoop).toEqual({ of: 'loop', share: 0.5, why: 'late by 250 of 500 ms (limits.loopDelay)' });
  expect(ofMemory?.why).toMatch(/^memory: \d+ of \d+ MiB \(limits\.memory\)$/);
});

const mebibyte = 1024 * 1024;

test.each([
  ['what was set for the old heap, which V8 tells with 48 MiB more', 88, '--enable-source-maps --max-old-space-size=40', 40],
  ['the last of two', 88, '--max_old_space_size=60 --max-old-space-size=40', 40],
  ['what V8 took by itself, less its room for new objects', 67, '', 64],
])('the limit of the heap is %s', (_what, all, flags, limit) => {
  expect(oldHeapLimit(all * mebibyte, flags)).toBe(limit * mebibyte);
});
