import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, granted, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';

test('and nothing else, whatever it is asked for', async () => {
  const failing = new Set<string>();
  const under = await openBrokerUnderTest({
    admits: ({ id }) => {
      if (failing.has(id)) throw new Error('the disk cannot be read');
      return true;
    },
  });
  const other = await connectDevice(under, lock);
  const [publisher, subscriber, listener] = [
    await connectDevice(under, lamp),
    await connectDevice(under, lamp),
    await connectDevice(under, lamp),
  ];
  await granted(listener, at(lamp, '#'));
  failing.add(lamp);
  expect(await refusesPublish(publisher, at(lamp, 'x'))).toBe(true);
  subscriber.client.subscribe(at(lamp, 'y'), { qos: 1 });
  await subscriber.closed;
  await expect(connectDevice(under, lamp)).rejects.toThrow();
  under.clock.advance(5_000);
  await until(() => under.log.some(({ message }) => message.includes('could not look after')));
  expect(await refusesPublish(other, at(lock, 'x'))).toBe(false);
  failing.clear();
  await connectDevice(under, lamp);
});
