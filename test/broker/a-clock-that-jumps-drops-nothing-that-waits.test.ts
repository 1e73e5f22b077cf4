import { expect, test } from 'vitest';
import { ManualClock, SteadyClock, silentLog } from '#src/base/index.js';
import { clockJumps, hour } from '../gateway/clock-jumps.js';
import { until } from '../gateway/peers.js';
import { at, connectDevice, granted, lamp, limits, lock, openBrokerUnderTest } from './broker-under-test.js';

/** Longer than the broker lets pass between two looks at what is too old. */
const looksAgain = 2 * hour;

test.each(clockJumps)('%s: messages wait as long as they would have, a delay ends no sooner, and no timer is added', async (_jump, by) => {
  const clock = new ManualClock();
  const under = await openBrokerUnderTest({ clock, time: new SteadyClock(clock, silentLog) });
  under.broker.publish(lamp, 'trigger', Buffer.from('before'));
  await under.store.committed();
  for (let times = 0; times < 5; times += 1) await expect(connectDevice(under, lock, { password: 'x' })).rejects.toMatchObject({ code: 4 });
  const timers = clock.pending().length;
  clock.jump(by);
  expect(clock.pending().length).toBeLessThanOrEqual(timers);
  await expect(connectDevice(under, lock)).rejects.toMatchObject({ code: 3 });
  clock.advance(looksAgain);
  under.broker.publish(lamp, 'other', Buffer.from('after'));
  const device = await connectDevice(under, lamp);
  await granted(device, at(lamp, '#'));
  await until(() => device.received.length === 2);
  expect(device.received).toEqual([`${at(lamp, 'trigger')} before`, `${at(lamp, 'other')} after`]);
  await connectDevice(under, lock);
  // And they do become too old, by the time that has passed.
  under.broker.publish(lock, 'trigger', Buffer.from('old'));
  await under.store.committed();
  await until(() => under.store.deviceQueue.load().rows === 1);
  clock.advance(limits.queue.maxAge + looksAgain);
  expect(under.store.deviceQueue.load().rows).toBe(0);
});
