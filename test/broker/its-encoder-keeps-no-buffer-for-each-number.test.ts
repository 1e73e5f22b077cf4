import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, granted, lamp, openBrokerUnderTest } from './broker-under-test.js';

test('a device hears what it should, and no buffers for all numbers of two bytes are kept', async () => {
  const under = await openBrokerUnderTest();
  const device = await connectDevice(under, lamp);
  await granted(device, at(lamp, '#'));
  under.broker.publish(lamp, 'x', Buffer.from('hello'));
  await until(() => device.received.length === 1);
  expect(device.received).toEqual([`${at(lamp, 'x')} hello`]);
  const { cache } = createRequire(import.meta.url)('mqtt-packet/numbers.js') as { cache: object };
  expect(Object.keys(cache)).toEqual([]);
});
