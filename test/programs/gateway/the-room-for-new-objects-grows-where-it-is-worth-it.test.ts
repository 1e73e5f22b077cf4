import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { YoungRoom } from '../../../src/programs/gateway/health/young-room.js';

/** A room of 2 MiB, which grows at a collection by the factor that V8 was told last. */
function roomOf({ busy = 1 } = {}) {
  let factor = 1;
  let size = 2;
  const room = new YoungRoom({
    grow: (by) => {
      factor = by;
    },
    size: () => size * 1024 * 1024,
    collect: () => {
      size *= factor;
    },
    busy: () => busy,
  });
  return { room, factor: () => factor, size: () => size };
}

test('below 50 % of the ceiling it grows as V8 likes', () => {
  const { room, factor, size } = roomOf();
  const factors = [0.6, 0.5, 0.49, 0.2, 0.5, 0.95, 0.3].map((share) => [room.follow(share), factor()][1]);
  expect(factors).toEqual([1, 1, 2, 2, 1, 1, 2]);
  expect(size()).toBe(4);
});

test('above that once, to 4 MiB, and never by more', () => {
  const { room, factor, size } = roomOf();
  expect([0.7, 0.7, 0.7, 0.7].map((share) => room.follow(share))).toEqual([false, true, false, false]);
  expect(size()).toBe(4);
  expect(factor()).toBe(1);
});

test.each([
  ['nothing to do', { busy: 0.4 }, 0.7],
  ['little memory', {}, 0.85],
])('not with %s', (_what, state, share) => {
  const { room, size } = roomOf(state);
  expect([share, share, share].map((each) => room.follow(each))).toEqual([false, false, false]);
  expect(size()).toBe(2);
});

test('V8 does as it is told: it grows once at most', () => {
  const before = sizeNow();
  const room = new YoungRoom({ size: () => 0, busy: () => 1 });
  room.follow(0.7);
  room.follow(0.7);
  expect(sizeNow()).toBeLessThanOrEqual(before * 2);
});

function sizeNow(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
