import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, type BrokerUnderTest, connectDevice, lamp, lock, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';
import { connectRawDevice, packet, publishPacket, subscribePacket } from './raw-device.js';

test('a connection may have 32 QoS 2 messages half done', async () => {
  const under = await openBrokerUnderTest();
  const honest = await connectDevice(under, lock);
  const { socket, closed, packets } = await connectRawDevice(under.broker.port, lamp);
  const send = (from: number, to: number) => {
    for (let id = from; id <= to; id++) socket.write(publishPacket(at(lamp, 'x'), 'x', 2, id));
  };
  send(1, 32);
  await packets(5, 32);
  send(33, 33);
  await closed;
  expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
});

test('one that is released makes room, and one that is repeated is handed on once', async () => {
  const under = await openBrokerUnderTest();
  const { socket, packets } = await connectRawDevice(under.broker.port, lamp);
  for (let round = 1; round <= 40; round++) {
    socket.write(publishPacket(at(lamp, 'x'), String(round), 2, 7));
    await packets(5, 2 * round - 1);
    socket.write(publishPacket(at(lamp, 'x'), String(round), 2, 7));
    await packets(5, 2 * round);
    socket.write(packet(0x62, Buffer.of(0, 7)));
    await packets(7, round);
  }
  expect(under.heard).toHaveLength(40);
});

/** A subscriber that stops reading, and enough for it that the kernel takes no more. */
async function freeze(under: BrokerUnderTest, messages: number): Promise<Promise<void>> {
  const frozen = await connectRawDevice(under.broker.port, lamp);
  frozen.socket.write(subscribePacket([at(lamp, 'flood')], 0));
  await frozen.packets(9);
  frozen.socket.pause();
  const publisher = await connectRawDevice(under.broker.port, lamp, { clientId: 'publisher' });
  const flood = publishPacket(at(lamp, 'flood'), Buffer.alloc(60_000));
  for (let sent = 0; sent < messages; sent++) publisher.socket.write(flood);
  return frozen.closed;
}

test('a subscriber that reads nothing is closed when too much waits for it, and nobody else waits', async () => {
  const under = await openBrokerUnderTest({ limits: { connectTimeout: 600_000 } });
  const honest = await connectDevice(under, lock);
  void freeze(under, 400);
  await until(() => under.log.some(({ fields }) => fields['reason'] === 'too-slow-to-read'));
  for (let n = 0; n < 20; n++) expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
  await until(() => under.broker.connections === 2);
});

test('or after a while', async () => {
  const under = await openBrokerUnderTest({ limits: { backlogBytes: 1_000_000_000 } });
  const honest = await connectDevice(under, lock);
  void freeze(under, 200);
  await until(() => under.heard.length > 20);
  expect(await refusesPublish(honest, at(lock, 'x'))).toBe(false);
  await until(() => under.clock.pending().includes('mqtt drain'));
  under.clock.advance(10_000);
  await until(() => under.log.some(({ fields }) => fields['reason'] === 'too-slow-to-read'));
});
