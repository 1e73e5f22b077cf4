import { expect, test } from 'vitest';
import { Counters, ManualClock, type NewWork } from '#src/base/index.js';
import { OverloadGuard } from '../../../src/programs/gateway/health/overload-guard.js';
import { wellness } from '../../../src/programs/gateway/health/wellness.js';

const second = 1_000;
const works: readonly NewWork[] = ['session', 'poll', 'proxy', 'mqtt', 'message', 'trigger'];

/** A guard over a share that the test sets; it looks when time passes. */
function watch({ relief }: { readonly relief?: number } = {}) {
  const clock = new ManualClock();
  const counters = new Counters();
  const log: string[] = [];
  const note = (_fields: object, message: string) => void log.push(message);
  const given = { share: 0, late: 0, looks: 0 };
  const look = (late: number) => {
    given.looks += 1;
    given.late = late;
    return [
      { of: 'memory' as const, share: given.share, why: 'memory: much of little' },
      { of: 'loop' as const, share: 0.1, why: 'late by 1 ms' },
    ];
  };
  const makeRoom = () => {
    given.share = relief ?? given.share;
    return relief !== undefined;
  };
  const guard = new OverloadGuard({ look, makeRoom, counters, clock, log: { debug: note, info: note, warn: note, error: note } });
  guard.start();
  const at = (share: number) => {
    given.share = share;
    clock.advance(second);
    return guard.level;
  };
  return { guard, clock, counters, log, given, at };
}

test('above 95 % no new work is taken, above 98 % none is read, below 90 % all is taken again', () => {
  const { at } = watch();
  const shares = [0.5, 0.94, 0.95, 0.97, 0.98, 0.96, 0.94, 0.91, 0.89, 0.94, 0.99, 0.5];
  const levels = ['none', 'none', 'shed', 'shed', 'refuse', 'refuse', 'shed', 'shed', 'none', 'none', 'refuse', 'none'];
  expect(shares.map(at)).toEqual(levels);
});

test('what each level turns away is counted as postern_shed_total, by what it was', () => {
  const { guard, counters, at } = watch();
  const admitted = () => works.filter((work) => guard.admits(work));
  expect(admitted()).toEqual(works);
  at(0.95);
  expect(admitted()).toEqual(['message', 'trigger']);
  at(0.99);
  admitted();
  expect(admitted()).toEqual([]);
  expect(counters.samples('postern_shed_total').map(({ labels, value }) => [labels['work'], value])).toEqual([
    ['session', 2],
    ['poll', 2],
    ['proxy', 2],
    ['mqtt', 2],
    ['message', 1],
    ['trigger', 1],
  ]);
});

test('one of each kind is taken each second all the same: memory that stays high shuts nobody out for good', () => {
  const { guard, clock, at } = watch();
  at(0.99);
  expect(guard.admits('session')).toBe(false);
  const admitted = Array.from({ length: 10 }, () => {
    clock.advance(second);
    return works.map((work) => [guard.admits(work), guard.admits(work)]);
  });
  expect(admitted.flat()).toEqual(Array.from({ length: 10 * works.length }, () => [true, false]));
});

test('one line says that it begins, one that it gets worse and one that it ends, and the readiness says why', () => {
  const { guard, log, at } = watch();
  const { reasons } = wellness({ state: () => 'running', store: { failure: undefined }, overload: guard });
  expect(reasons()).toEqual([]);
  for (const share of [0.96, 0.95, 0.96]) at(share);
  expect(reasons()).toEqual(['new work is refused: memory: much of little']);
  for (const share of [0.98, 0.99, 0.92, 0.5, 0.4]) at(share);
  expect(reasons()).toEqual([]);
  expect(log).toEqual(['overload: new work is refused', 'overload: new work is refused unread', 'new work is taken again']);
});

test('room that can be made is made before anybody is refused', () => {
  const { guard, at } = watch({ relief: 0.6 });
  expect(at(0.99)).toBe('none');
  expect(guard.pressures[0]?.share).toBe(0.6);
});

test('it looks four times a second where it is near, and once where it is not; not at all when it is stopped', () => {
  const { guard, clock, given, at } = watch();
  at(0.8);
  const before = given.looks;
  clock.advance(second);
  expect(given.looks - before).toBe(4);
  guard.stop();
  clock.advance(second);
  expect(given.looks - before).toBe(4);
});

test('timers that are late again and again count, one long pause does not', () => {
  const { clock, given } = watch();
  /** What holds the loop up: time passes, and the timer that was due runs when it is over. */
  const pauseFor = (milliseconds: number) => {
    const timer = clock.timer.bind(clock);
    clock.timer = (name, delay, run) => timer(name, delay + milliseconds, run);
    clock.advance(second + milliseconds);
    clock.timer = timer;
  };
  pauseFor(5_000);
  clock.advance(6_000);
  expect(given.late).toBe(0);
  for (let time = 0; time < 5; time++) pauseFor(700);
  clock.advance(2_000);
  expect(given.late).toBe(700);
});
