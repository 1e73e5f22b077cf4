import { expect, test } from 'vitest';
import { type CounterName, Counters } from '#src/base/index.js';
import { until } from '../gateway/peers.js';
import { at, type Changes, connectDevice, granted, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';
import { connectRaw, connectRawDevice, openAndClose, packet, publishPacket } from './raw-device.js';

async function openCounting(changes: Changes = {}) {
  const counters = new Counters();
  const under = await openBrokerUnderTest({ counters, ...changes });
  const counts = (name: CounterName) =>
    Object.fromEntries(counters.samples(name).map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  return { ...under, counts, refused: () => counts('postern_broker_refused_total') };
}

test('connections that are too many, of one address or of all', async () => {
  const of = await openCounting({ limits: { perAddress: 1 } });
  await connectDevice(of, lamp);
  await (await connectRaw(of.broker.port)).closed;
  const all = await openCounting({ limits: { connections: 1 } });
  await connectDevice(all, lamp);
  await (await connectRaw(all.broker.port)).closed;
  expect([of.refused(), all.refused()]).toEqual([{ address: 1 }, { connections: 1 }]);
  expect(all.counts('postern_connections_refused_total')).toEqual({ broker: 1 });
});

test('an address that opens and closes without end', async () => {
  const under = await openCounting({ limits: { perAddress: 1 } });
  await openAndClose(under.broker, 30);
  await (await connectRaw(under.broker.port)).closed;
  expect(under.refused()).toEqual({ turnover: 1 });
});

test('a connection that comes under overload; those that are open go on', async () => {
  const state = { on: false };
  const overload = { level: 'none' as const, admits: () => !state.on };
  const under = await openCounting({ overload });
  const device = await connectDevice(under, lamp);
  state.on = true;
  await (await connectRaw(under.broker.port)).closed;
  expect(under.refused()).toEqual({ overload: 1 });
  expect(await refusesPublish(device, at(lamp, 'x'))).toBe(false);
  state.on = false;
  await connectDevice(under, lock);
});

test('who says nothing in time, who speaks no MQTT, and whoever claims too much, before and after it is known', async () => {
  const under = await openCounting();
  const silent = await connectRaw(under.broker.port);
  await until(() => under.broker.connections === 1);
  under.clock.advance(5_000);
  await silent.closed;
  const http = await connectRaw(under.broker.port);
  http.socket.write('GET / HTTP/1.1\r\n\r\n');
  await http.closed;
  const claimant = await connectRaw(under.broker.port);
  claimant.socket.write(Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f));
  await claimant.closed;
  const device = await connectRawDevice(under.broker.port, lamp);
  device.socket.write(Buffer.of(0x30, 0xff, 0xff, 0xff, 0x7f));
  await device.closed;
  const malformed = await connectRaw(under.broker.port);
  malformed.socket.write(Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0x7f));
  await malformed.closed;
  expect(under.refused()).toEqual({
    'not-known-in-time': 1,
    'not-mqtt': 1,
    'too-much-before-connack': 1,
    'frame-too-large': 1,
    'malformed-length': 1,
  });
});

test('a device that flaps, one that has its share, one that is not admitted', async () => {
  const under = await openCounting({ limits: { connectsPerMinute: 3, perDevice: 1 }, admits: ({ id }) => id !== lock });
  await connectDevice(under, lamp, { clientId: 'a' });
  await expect(connectDevice(under, lamp, { clientId: 'b' })).rejects.toMatchObject({ code: 3 });
  await expect(connectDevice(under, lock)).rejects.toMatchObject({ code: 5 });
  const will = { topic: at(lock, 'x'), payload: Buffer.from('x'), qos: 0 as const, retain: false };
  await expect(connectDevice(under, lamp, { clientId: 'a', will })).rejects.toMatchObject({ code: 5 });
  await expect(connectDevice(under, lamp, { clientId: 'c' })).rejects.toMatchObject({ code: 3 });
  expect(under.refused()).toEqual({ device: 1, 'not-admitted': 1, will: 1, flapping: 1 });
});

test('what a device may not do there', async () => {
  const under = await openCounting({ limits: { subscriptions: 1 } });
  const device = await connectDevice(under, lamp);
  expect(await granted(device, at(lamp, 'x'))).toBe(1);
  expect(await granted(device, at(lamp, 'y'))).toBe(128);
  expect(await refusesPublish(device, at(lock, 'x'))).toBe(true);
  expect(under.counts('postern_broker_denied_total')).toEqual({ subscribe: 1, publish: 1 });
});

test('messages that are not kept: too many that wait, too old, too many retained', async () => {
  const under = await openCounting();
  for (let at = 0; at < 4; at++) expect(under.broker.publish(lock, `x${at}`, Buffer.from('x'))).toBe('queued');
  expect(under.broker.publish(lock, 'y', Buffer.from('x'))).toBe('refused');
  expect(under.counts('postern_broker_dropped_total')).toEqual({ 'queue-full': 1 });
  under.clock.advance(2 * 86_400_000);
  expect(under.broker.publish(lock, 'y', Buffer.from('x'))).toBe('queued');
  const device = await connectDevice(under, lamp);
  for (let leaf = 0; leaf < 4; leaf++) expect(await refusesPublish(device, at(lamp, `r${leaf}`), true)).toBe(false);
  expect(under.counts('postern_broker_dropped_total')).toEqual({ 'queue-full': 1, 'too-old': 4, 'retained-full': 1 });
});

test('a connection with too many QoS 2 messages half done, each of which is taken once, and the one too many not at all', async () => {
  const under = await openCounting();
  const { socket, closed } = await connectRawDevice(under.broker.port, lamp);
  // In one piece: none of them is acknowledged when the last is judged.
  socket.write(Buffer.concat(Array.from({ length: 33 }, (_, before) => publishPacket(at(lamp, 'x'), String(before + 1), 2, before + 1))));
  await closed;
  expect(under.refused()).toEqual({ 'half-done': 1 });
  expect(under.heard).not.toContain(`${lamp} x 33`);
});

test('packets that are read later', async () => {
  const under = await openCounting({ limits: { messagesPerSecond: 1 } });
  const device = await connectRawDevice(under.broker.port, lamp);
  device.socket.write(Buffer.concat([1, 2, 3, 4, 5].map((id) => publishPacket(at(lamp, 'x'), 'x', 1, id))));
  await device.packets(4, 4);
  device.socket.write(packet(0xc0));
  expect(under.counts('postern_broker_throttled_total')).toEqual({ '': 1 });
});
