import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, granted, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';
import { connectRawDevice, publishPacket, subscribePacket } from './raw-device.js';

const deep = at(lamp, 'x/'.repeat(5_000));

/** Topics and whether the lamp may have to do with them. */
const table: readonly (readonly [topic: string, may: boolean])[] = [
  [at(lamp, 'state'), true],
  [at(lamp, 'a/b/c'), true],
  [at(lock, 'state'), false],
  [at(lamp, ''), false],
  [at(lamp, '').slice(0, -1), false],
  [`/${at(lamp, 'state')}`, false],
  [`devices/${lamp}/state`, false],
  [`${at(lamp, '').slice(0, -1)}x/state`, false],
  [at(lamp, 'state').toUpperCase(), false],
  ['devices/state', false],
  ['state', false],
  ['$SYS/broker/heartbeat', false],
  ['__proto__', false],
];

const filters: readonly (readonly [filter: string, may: boolean])[] = [
  ...table,
  [at(lamp, '#'), true],
  [at(lamp, '+/x'), true],
  ['#', false],
  ['+', false],
  ['+/+/state', false],
  ['devices/#', false],
  ['devices/+/state', false],
  ['$SYS/#', false],
  [at(lock, '#'), false],
  ['constructor', false],
];

test.each(table)('publish %s: %s', async (topic, may) => {
  const under = await openBrokerUnderTest();
  expect(await refusesPublish(await connectDevice(under, lamp), topic)).toBe(!may);
  expect(under.heard).toHaveLength(may ? 1 : 0);
});

test('subscribe', async () => {
  const under = await openBrokerUnderTest({ limits: { subscriptions: 100 } });
  const device = await connectDevice(under, lamp);
  for (const [filter, may] of filters) expect([filter, await granted(device, filter)]).toEqual([filter, may ? 1 : 128]);
});

test.each(table)('a will for %s: %s', async (topic, may) => {
  const under = await openBrokerUnderTest();
  const connected = connectDevice(under, lamp, { will: { topic, payload: Buffer.from('gone'), qos: 1, retain: false } });
  if (!may) return expect(connected).rejects.toMatchObject({ code: 5 });
  const { client } = await connected;
  client.stream.destroy();
  await until(() => under.heard.length === 1);
});

test('what one publishes or retains, the other does not hear', async () => {
  const under = await openBrokerUnderTest();
  const [ours, theirs] = [await connectDevice(under, lamp), await connectDevice(under, lock)];
  await granted(ours, at(lamp, '#'));
  await granted(theirs, at(lock, '#'));
  await ours.client.publishAsync(at(lamp, 'state'), 'on', { qos: 1, retain: true });
  await until(() => ours.received.length === 1);
  await granted(theirs, at(lamp, 'state'));
  await theirs.client.publishAsync(at(lock, 'state'), 'shut', { qos: 1 });
  await until(() => theirs.received.length === 1);
  expect(theirs.received).toEqual([`${at(lock, 'state')} shut`]);
});

test('sixteen levels are enough, for a will too', async () => {
  const under = await openBrokerUnderTest();
  const levels = (count: number) =>
    at(
      lamp,
      Array(count - 2)
        .fill('x')
        .join('/'),
    );
  const will = (count: number) => ({ topic: levels(count), payload: Buffer.from('x'), qos: 1 as const, retain: false });
  const device = await connectDevice(under, lamp, { will: will(16) });
  expect(await granted(device, levels(16))).toBe(1);
  expect([await refusesPublish(device, levels(16)), await refusesPublish(device, levels(17))]).toEqual([false, true]);
  await expect(connectDevice(under, lamp, { will: will(17) })).rejects.toMatchObject({ code: 5 });
});

test.each([
  ['published', publishPacket(deep, 'x', 1)],
  ['subscribed to', subscribePacket([deep])],
])('a topic of 5 000 levels that is %s ends its connection alone', async (_how, bytes) => {
  const under = await openBrokerUnderTest();
  const honest = await connectDevice(under, lock);
  const { socket, closed } = await connectRawDevice(under.broker.port, lamp);
  socket.write(bytes);
  await closed;
  expect(await refusesPublish(honest, at(lock, 'state'))).toBe(false);
});
