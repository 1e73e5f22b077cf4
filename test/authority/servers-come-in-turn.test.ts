import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serversInTurn } from '#src/authority/index.js';

const now = 1_000_000;
const idle = { priority: 100, triggered: false, hasWork: false, polling: 'never' } as const;
type Candidate = Parameters<typeof serversInTurn>[0][number];
const order = (candidates: readonly Candidate[]) => serversInTurn(candidates, now).map(({ serverId }) => serverId);

test('a trigger comes before work, work before a poll, and whoever has none of them gets no session', () => {
  expect(
    order([
      { ...idle, serverId: 'polled', polling: 'always', priority: 1 },
      { ...idle, serverId: 'idle' },
      { ...idle, serverId: 'waiting', hasWork: true, priority: 50 },
      { ...idle, serverId: 'triggered', triggered: true },
    ]),
  ).toEqual(['triggered', 'waiting', 'polled']);
});

test('among equals the lower number comes first, then the server id', () => {
  const polled = { ...idle, polling: 'always' } as const;
  expect(
    order([
      { ...polled, serverId: 'b' },
      { ...polled, serverId: 'a' },
      { ...polled, serverId: 'z', priority: 1 },
      { ...polled, serverId: 'B' },
    ]),
  ).toEqual(['z', 'B', 'a', 'b']);
});

test.each<[Candidate['polling'], number | undefined, boolean]>([
  ['always', now, true],
  ['never', undefined, false],
  [1_000, undefined, true],
  [1_000, now - 999, false],
  [1_000, now - 1_000, true],
  // The clock was wrong then, or is now.
  [1_000, now + 1, true],
])('polling %s, last asked at %s: %s', (polling, lastPoll, expected) => {
  expect(order([{ ...idle, serverId: 'a', polling, lastPoll }])).toEqual(expected ? ['a'] : []);
});

const candidate: fc.Arbitrary<Candidate> = fc.record({
  serverId: fc.string({ minLength: 1, maxLength: 3 }),
  priority: fc.integer({ min: 1, max: 3 }),
  triggered: fc.boolean(),
  hasWork: fc.boolean(),
  polling: fc.constantFrom('always' as const, 'never' as const, 1_000),
  lastPoll: fc.option(fc.integer({ min: now - 2_000, max: now }), { nil: undefined }),
});

test('property: the order does not depend on the order in which accounts are kept', () => {
  fc.assert(
    fc.property(fc.uniqueArray(candidate, { selector: ({ serverId }) => serverId }), fc.func(fc.integer()), (candidates, weigh) => {
      const shuffled = candidates.toSorted((a, b) => weigh(a.serverId) - weigh(b.serverId));
      expect(order(shuffled)).toEqual(order(candidates));
    }),
  );
});
