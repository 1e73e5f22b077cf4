import { expect, it } from 'vitest';
import { RecentlyUsed } from '../../src/base/recently-used.js';

it('keeps as many as it may, and forgets the one that was put longest ago', () => {
  const recent = new RecentlyUsed<number>(2);
  recent.put('a', 1);
  recent.put('b', 2);
  recent.put('a', 3);
  recent.put('c', 4);
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([3, undefined, 4]);
  expect(recent.size).toBe(2);
  recent.remove('a');
  expect(recent.size).toBe(1);
});
