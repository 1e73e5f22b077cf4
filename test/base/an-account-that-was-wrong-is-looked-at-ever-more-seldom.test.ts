import { expect, it } from 'vitest';
import { LoginLimit, ManualClock } from '#src/base/index.js';

const minute = 60_000;
const hour = 60 * minute;
const account = 'urn:imei:490154203237518';

/** Guesses as often as `every` allows, from one address after the other; when each guess was looked at. */
function guess(limit: LoginLimit, clock: ManualClock, { attempts = 10_000, every = 360, addresses = 1 } = {}): number[] {
  const looked: number[] = [];
  for (let at = 0; at < attempts; at += 1) {
    const attempt = { address: `192.0.2.${at % addresses}`, account };
    if (limit.wait(attempt) === 0) {
      limit.failed(attempt, true);
      looked.push(clock.monotonic());
    }
    clock.advance(every);
  }
  return looked;
}

/** The most that lie within any such window. */
function most(times: readonly number[], window: number): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + window).length));
}

it('10 000 guesses of one address: at most 10 in a minute are looked at, and 30 in an hour', () => {
  const clock = new ManualClock();
  const looked = guess(new LoginLimit(clock), clock);
  expect(most(looked, minute)).toBe(10);
  expect(most(looked, hour)).toBeLessThanOrEqual(30);
  expect(looked.length).toBeGreaterThan(10);
});

it.each([10, 200, 5_000])('10 000 guesses of %s addresses: at most 100 in any hour', (addresses) => {
  const clock = new ManualClock();
  const looked = guess(new LoginLimit(clock), clock, { addresses, every: 2_000 });
  expect(most(looked, hour)).toBeLessThanOrEqual(100);
  expect(looked.length).toBeGreaterThan(100);
});

it('nobody else is concerned: other accounts of the address, the account elsewhere', () => {
  const clock = new ManualClock();
  const limit = new LoginLimit(clock);
  guess(limit, clock);
  expect(limit.wait({ address: '192.0.2.0', account })).toBeGreaterThan(0);
  expect(limit.wait({ address: '192.0.2.0', account: 'urn:imei:2' })).toBe(0);
  expect(limit.wait({ address: '192.0.2.1', account })).toBe(0);
});

it('where an account was right before it is looked at, however many guess from elsewhere', () => {
  const clock = new ManualClock();
  const limit = new LoginLimit(clock);
  const home = { address: '198.51.100.1', account };
  limit.succeeded(home);
  guess(limit, clock, { attempts: 200, addresses: 200, every: 0 });
  expect(limit.wait({ address: '198.51.100.2', account })).toBeGreaterThan(0);
  expect(limit.wait(home)).toBe(0);
});

it('being right ends the delay, and an hour of quiet does', () => {
  const clock = new ManualClock();
  const limit = new LoginLimit(clock);
  const attempt = { address: '192.0.2.0', account };
  for (let times = 0; times < 5; times += 1) limit.failed(attempt, true);
  expect(limit.wait(attempt)).toBe(1_000);
  limit.succeeded(attempt);
  expect(limit.wait(attempt)).toBe(0);
  for (let times = 0; times < 30; times += 1) limit.failed(attempt, true);
  expect(limit.wait(attempt)).toBe(5 * minute);
  clock.advance(hour);
  limit.failed(attempt, true);
  expect(limit.wait(attempt)).toBe(0);
});

it('a flood of invented names neither ends a delay nor begins one for anybody', () => {
  const clock = new ManualClock();
  const limit = new LoginLimit(clock);
  const attempt = { address: '192.0.2.0', account };
  for (let times = 0; times < 6; times += 1) limit.failed(attempt, true);
  for (let name = 0; name < 10_000; name += 1) limit.failed({ address: '192.0.2.0', account: `nobody ${name}` }, false);
  expect(limit.wait(attempt)).toBe(2_000);
  expect(limit.wait({ address: '192.0.2.0', account: 'urn:imei:2' })).toBe(0);
});

it('an account that exists and one that does not are delayed alike', () => {
  const clock = new ManualClock();
  const limit = new LoginLimit(clock);
  for (let times = 0; times < 200; times += 1) {
    const waits = [true, false].map((exists) => {
      const attempt = { address: `192.0.2.${times % 20}`, account: String(exists) };
      const wait = limit.wait(attempt);
      if (wait === 0) limit.failed(attempt, exists);
      return wait;
    });
    expect(waits[0]).toBe(waits[1]);
    clock.advance(500);
  }
});
