import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, declare, granted, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';

test('a removed device loses its connections and what it retained, and leaves no will', async () => {
  const under = await openBrokerUnderTest();
  const will = { topic: at(lamp, 'will'), payload: Buffer.from('gone'), qos: 1, retain: true } as const;
  const device = await connectDevice(under, lamp, { will });
  await device.client.publishAsync(at(lamp, 'state'), 'on', { qos: 1, retain: true });
  const other = await connectDevice(under, lock);
  expect(await refusesPublish(other, at(lock, 'state'))).toBe(false);
  under.store.inventory.remove(lamp);
  under.clock.advance(5_000);
  await device.closed;
  declare(under.store, lamp);
  const again = await connectDevice(under, lamp);
  await granted(again, at(lamp, '#'));
  await again.client.publishAsync(at(lamp, 'now'), 'x', { qos: 1 });
  await until(() => again.received.length > 0);
  expect(again.received).toEqual([`${at(lamp, 'now')} x`]);
  expect(under.heard.filter((line) => line.includes('gone'))).toEqual([]);
  expect(await refusesPublish(other, at(lock, 'state'))).toBe(false);
});

test('before anybody has looked again it may do nothing more', async () => {
  const under = await openBrokerUnderTest();
  const [publisher, subscriber] = [await connectDevice(under, lamp), await connectDevice(under, lamp)];
  await granted(subscriber, at(lamp, 'a'));
  under.store.inventory.remove(lamp);
  expect(await granted(subscriber, at(lamp, 'b'))).toBe(128);
  expect(await refusesPublish(publisher, at(lamp, 'a'))).toBe(true);
});

test('what was sent while it had its rights is not forwarded after they ended', async () => {
  const commits: (() => void)[] = [];
  const under = await openBrokerUnderTest({ committed: () => new Promise((resolve) => commits.push(resolve)) });
  const [publisher, subscriber] = [await connectDevice(under, lamp), await connectDevice(under, lamp)];
  await granted(subscriber, at(lamp, '#'));
  publisher.client.publish(at(lamp, 'a'), 'late', { qos: 1 });
  await until(() => commits.length === 1);
  under.store.inventory.remove(lamp);
  const acknowledged = new Promise((resolve) => publisher.client.once('packetreceive', resolve));
  commits[0]?.();
  await acknowledged;
  await subscriber.client.unsubscribeAsync(at(lamp, '#'));
  expect(subscriber.received).toEqual([]);
});

test('what it retained is not shown after its rights ended', async () => {
  let admitted = true;
  const under = await openBrokerUnderTest({ admits: () => admitted });
  const device = await connectDevice(under, lamp);
  await device.client.publishAsync(at(lamp, 'state'), 'on', { qos: 1, retain: true });
  admitted = false;
  under.broker.recheck();
  await device.closed;
  admitted = true;
  const again = await connectDevice(under, lamp);
  await granted(again, at(lamp, '#'));
  await again.client.publishAsync(at(lamp, 'now'), 'x', { qos: 1 });
  await until(() => again.received.length > 0);
  expect(again.received).toEqual([`${at(lamp, 'now')} x`]);
});

test('with another password its old connections end', async () => {
  const under = await openBrokerUnderTest();
  const [changed, kept] = [await connectDevice(under, lamp), await connectDevice(under, lock)];
  declare(under.store, lamp, 'new password');
  under.broker.recheck();
  await changed.closed;
  expect(await refusesPublish(kept, at(lock, 'state'))).toBe(false);
});
