import { expect, test } from 'vitest';
import { ManualClock, SteadyClock, silentLog } from '#src/base/index.js';
import { clockJumps, hour } from '../gateway/clock-jumps.js';

const start = Date.UTC(2026, 5, 1);

function openClock(at = start) {
  const system = new ManualClock(at);
  const told: object[] = [];
  const steady = new SteadyClock(system, { ...silentLog, warn: (fields) => told.push(fields) });
  return { system, told, steady };
}

test.each(clockJumps)('%s', (_jump, by) => {
  const { system, told, steady } = openClock();
  system.jump(by);
  system.advance(1_000);
  expect(steady.now()).toBe(start + 1_000);
  expect(steady.doubt).toMatch(/system clock/);
  system.advance(hour);
  expect(steady.now()).toBe(start + 1_000 + hour);
  expect(told).toMatchObject([{ code: 'time-untrusted' }]);
});

test('one that comes back is believed again', () => {
  const { system, steady } = openClock();
  system.jump(hour);
  expect(steady.doubt).toBeDefined();
  system.jump(-hour);
  expect(steady.doubt).toBeUndefined();
  expect(steady.now()).toBe(start);
});

test('small corrections are followed, and add up', () => {
  const { system, told, steady } = openClock();
  for (let day = 0; day < 30; day += 1) {
    system.jump(60_000);
    system.advance(24 * hour);
    steady.now();
  }
  expect(steady.now()).toBe(system.now());
  expect(told).toEqual([]);
});

test('one that was not set at the start is followed once it is', () => {
  const { system, steady, told } = openClock(0);
  expect(steady.doubt).toMatch(/not set/);
  system.advance(hour);
  expect(steady.now()).toBe(hour);
  system.jump(start);
  expect(steady.now()).toBe(start + hour);
  expect(steady.doubt).toBeUndefined();
  expect(told).toHaveLength(1);
});
