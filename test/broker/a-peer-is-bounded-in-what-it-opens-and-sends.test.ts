import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, declare, granted, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';
import { connectRaw, connectRawDevice, openAndClose, publishPacket } from './raw-device.js';

test('connections of one address are counted before they say a word', async () => {
  const under = await openBrokerUnderTest({ limits: { perAddress: 3 } });
  const open = [await connectRaw(under.broker.port), await connectRaw(under.broker.port)];
  const device = await connectDevice(under, lamp);
  await (await connectRaw(under.broker.port)).closed;
  expect(await refusesPublish(device, at(lamp, 'x'))).toBe(false);
  open[0]?.socket.destroy();
  await until(() => under.broker.connections === 2);
  await connectDevice(under, lock);
});

test('and connections of all', async () => {
  const under = await openBrokerUnderTest({ limits: { connections: 2 } });
  await Promise.all([connectDevice(under, lamp), connectDevice(under, lock)]);
  await (await connectRaw(under.broker.port)).closed;
});

test('one device has its share of them; under the same client id it replaces one', async () => {
  const under = await openBrokerUnderTest({ limits: { perDevice: 2 } });
  const first = await connectDevice(under, lamp, { clientId: 'a' });
  await connectDevice(under, lamp, { clientId: 'b' });
  await expect(connectDevice(under, lamp, { clientId: 'c' })).rejects.toMatchObject({ code: 3 });
  await connectDevice(under, lamp, { clientId: 'a' });
  await first.closed;
  await connectDevice(under, lock, { clientId: 'c' });
});

test('an address that opens and closes without end is not let in for the rest of its minute', async () => {
  const under = await openBrokerUnderTest({ limits: { perAddress: 1 } });
  await openAndClose(under.broker, 30);
  await (await connectRaw(under.broker.port)).closed;
  under.clock.advance(60_000);
  await connectDevice(under, lamp);
});

test('a device that flaps is kept out, alone, until its ban ends', async () => {
  const under = await openBrokerUnderTest({ limits: { connectsPerMinute: 3, ban: 300_000 } });
  for (let time = 0; time < 3; time++) {
    const { client } = await connectDevice(under, lamp);
    await client.endAsync();
  }
  await expect(connectDevice(under, lamp)).rejects.toMatchObject({ code: 3 });
  under.clock.advance(120_000);
  await expect(connectDevice(under, lamp)).rejects.toMatchObject({ code: 3 });
  await connectDevice(under, lock);
  under.clock.advance(180_000);
  await connectDevice(under, lamp);
});

test('a device sends as fast as its allowance over all its connections, and nothing is lost', async () => {
  const under = await openBrokerUnderTest({ limits: { messagesPerSecond: 5 } });
  const [one, two] = [
    await connectRawDevice(under.broker.port, lamp, { clientId: '1' }),
    await connectRawDevice(under.broker.port, lamp, { clientId: '2' }),
  ];
  const flood = Array.from({ length: 30 }, (_, n) => publishPacket(at(lamp, 'x'), String(n), 1, n + 1));
  one.socket.write(Buffer.concat(flood));
  await one.packets(4, 20);
  two.socket.write(Buffer.concat(flood));
  const honest = await connectDevice(under, lock);
  expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
  expect([one.count(4), two.count(4)]).toEqual([20, 0]);
  under.clock.advance(4_000);
  await until(() => under.heard.length >= 41);
  expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
  expect(one.count(4) + two.count(4)).toBe(40);
  under.clock.advance(4_000);
  await Promise.all([one.packets(4, 30), two.packets(4, 30)]);
});

test('and as many bytes', async () => {
  const under = await openBrokerUnderTest({ limits: { bytesPerSecond: 1_000 } });
  const device = await connectRawDevice(under.broker.port, lamp);
  device.socket.write(Buffer.concat([1, 2].map((id) => publishPacket(at(lamp, 'x'), Buffer.alloc(6_000), 1, id))));
  await device.packets(4, 1);
  under.clock.advance(1_000);
  const honest = await connectDevice(under, lock);
  expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
  expect(device.count(4)).toBe(1);
  under.clock.advance(2_000);
  await device.packets(4, 2);
});

test('a connection has so many topic filters', async () => {
  const under = await openBrokerUnderTest({ limits: { subscriptions: 2 } });
  const device = await connectDevice(under, lamp);
  const grants = [];
  for (const leaf of ['a', 'b', 'b', 'c']) grants.push(await granted(device, at(lamp, leaf)));
  expect(grants).toEqual([1, 1, 1, 128]);
  await device.client.unsubscribeAsync(at(lamp, 'a'));
  expect(await granted(device, at(lamp, 'c'))).toBe(1);
});

test('a device retains so many messages and bytes, all together so many, and an empty one makes room', async () => {
  const under = await openBrokerUnderTest();
  declare(under.store, 'urn:x:1');
  const retain = async (device: string, leaf: string, size: number) => {
    const { client } = await connectDevice(under, device);
    await client.publishAsync(at(device, leaf), 'x'.repeat(size), { qos: 1, retain: true });
    await client.endAsync();
  };
  const expectRetained = async (device: string, count: number) => {
    const one = await connectDevice(under, device);
    await granted(one, at(device, '#'));
    await until(() => one.received.length >= count);
    await one.client.publishAsync(at(device, 'end'), '', { qos: 1 });
    await until(() => one.received.some((line) => line.startsWith(at(device, 'end'))));
    expect(one.received.length - 1).toBe(count);
  };
  for (const leaf of ['a', 'b', 'c', 'd']) await retain(lamp, leaf, 10);
  await expectRetained(lamp, 3);
  await retain(lamp, 'a', 0);
  await retain(lamp, 'd', 10);
  await expectRetained(lamp, 3);
  await retain(lock, 'a', 500);
  await retain(lock, 'b', 500);
  await expectRetained(lock, 1);
  await retain('urn:x:1', 'a', 900);
  await expectRetained('urn:x:1', 0);
});
