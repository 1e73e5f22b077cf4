import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, lamp, lock, openBrokerUnderTest } from './broker-under-test.js';
import { connectPacket, connectRaw, connectRawDevice, length, packet, publishPacket } from './raw-device.js';

const quarterGibibyte = 268_435_455;
const mebibyte = Buffer.alloc(1_048_576);

test('sixteen peers that claim 256 MiB are dropped while every message of an honest device arrives', async () => {
  const under = await openBrokerUnderTest();
  const { client } = await connectDevice(under, lamp);
  const before = process.memoryUsage().arrayBuffers;
  const peers = await Promise.all(Array.from({ length: 16 }, () => connectRaw(under.broker.port)));
  for (const { socket } of peers) socket.write(Buffer.concat([Buffer.of(0x10), length(quarterGibibyte), mebibyte]));
  const published = Array.from({ length: 100 }, (_, n) => client.publishAsync(at(lamp, 'n'), String(n), { qos: 1 }));
  await Promise.all([...peers.map(({ closed }) => closed), ...published]);
  expect(under.heard).toEqual(Array.from({ length: 100 }, (_, n) => `${lamp} n ${n}`));
  await until(() => under.broker.connections === 1);
  // What the peers themselves write lies in this process too: they share one MiB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1_048_576);
  expect(under.log.map(({ fields }) => fields['reason'])).toContain('too-much-before-connack');
});

test.each([
  ['a CONNECT of more than 2 KiB', packet(0x10, 'MQTT', Buffer.of(4, 2, 0, 0), 'x'.repeat(2_048)), 'too-much-before-connack'],
  ['a length of five bytes', Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0x01), 'malformed-length'],
  ['something else than CONNECT', publishPacket(at(lamp, 'x'), 'x'), 'not-mqtt'],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'not-mqtt'],
  [
    'much behind its CONNECT',
    Buffer.concat([connectPacket(lamp), publishPacket(at(lamp, 'x'), Buffer.alloc(4_096))]),
    'too-much-before-connack',
  ],
])('before its CONNACK: %s', async (_what, bytes, reason) => {
  const under = await openBrokerUnderTest();
  const { socket, closed } = await connectRaw(under.broker.port);
  socket.write(bytes);
  await closed;
  expect(under.log.map(({ fields }) => fields['reason'])).toEqual([reason]);
});

test('a claim is seen in its header, before its bytes come', async () => {
  const under = await openBrokerUnderTest();
  const { socket, closed } = await connectRaw(under.broker.port);
  socket.write(Buffer.concat([Buffer.of(0x10), length(2_049)]));
  await closed;
});

test('after its CONNACK a device may send packets up to the cap, whole or byte by byte, and none above', async () => {
  const under = await openBrokerUnderTest();
  const { socket, closed, packets } = await connectRawDevice(under.broker.port, lamp);
  const topic = at(lamp, 'x');
  const overhead = publishPacket(topic, Buffer.alloc(60_000), 1).length - 60_000;
  socket.write(publishPacket(topic, Buffer.alloc(65_536 - overhead), 1, 1));
  for (const byte of publishPacket(topic, 'slow', 1, 2)) socket.write(Buffer.of(byte));
  await packets(4, 2);
  socket.write(publishPacket(topic, Buffer.alloc(65_537 - overhead), 1, 3).subarray(0, 5));
  await closed;
  expect(under.heard.map((line) => line.length > 100)).toEqual([true, false]);
  expect(under.log.map(({ fields }) => fields['reason'])).toEqual(['frame-too-large']);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['half a header', Buffer.of(0x10)],
  ['half a CONNECT', connectPacket(lamp).subarray(0, 9)],
])('whoever sends %s is closed after the time to connect', async (_what, bytes) => {
  const under = await openBrokerUnderTest();
  const { socket, closed } = await connectRaw(under.broker.port);
  if (bytes.length > 0) socket.write(bytes);
  await until(() => under.broker.connections === 1);
  under.clock.advance(5_000);
  await closed;
});

test('who is known is not closed by it', async () => {
  const under = await openBrokerUnderTest();
  const { socket, packets } = await connectRawDevice(under.broker.port, lock);
  await until(() => !under.clock.pending().includes('mqtt connect'));
  under.clock.advance(60_000);
  socket.write(Buffer.of(0xc0, 0));
  await packets(13);
});

test('what comes right behind a CONNECT waits until the device is known, and then goes through', async () => {
  const under = await openBrokerUnderTest();
  const device = await connectRaw(under.broker.port);
  device.socket.write(Buffer.concat([connectPacket(lamp), ...Array.from({ length: 100 }, () => Buffer.of(0xc0, 0))]));
  await device.packets(13, 100);
});
