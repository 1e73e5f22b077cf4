import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { Tally } from '../../src/broker/tally.js';

it('remembers 4 096 names, and counts all others together until there is room again', () => {
  const clock = new ManualClock();
  const tally = new Tally({ most: 2, every: 60_000, clock });
  for (let name = 0; name < 4_096; name++) expect(tally.add(`early ${name}`)).toBe(1);
  const late = [1, 2, 3].map((name) => tally.add(`late ${name}`));
  expect(late[0]).toBeLessThan(late[2] ?? 0);
  expect([tally.isOver('early 1'), tally.isOver('late 4')]).toEqual([false, true]);
  clock.advance(60_000);
  expect([tally.add('late 1'), tally.isOver('late 4')]).toEqual([1, false]);
});
