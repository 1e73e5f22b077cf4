import { expect, it } from 'vitest';
import { SteadyClock, silentLog, systemClock } from '#src/base/index.js';

it('as the columns of the database take them, whatever the monotonic clock says between two of them', () => {
  const clock = new SteadyClock(systemClock, silentLog);
  const times = Array.from({ length: 1_000 }, () => clock.now());
  expect(times.filter((time) => !Number.isInteger(time))).toEqual([]);
});
