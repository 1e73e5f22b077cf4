import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { temporaryDirectory } from '../store/store-fixture.js';
import { at, type BrokerUnderTest, connectDevice, granted, lamp, limits, lock, openBrokerUnderTest } from './broker-under-test.js';
import { connectRawDevice, packet, subscribePacket } from './raw-device.js';

const bytes = (text: string) => Buffer.from(text);

/** Its packets are shorter than 128 bytes. */
const payloadOf = (one: Buffer) => one.subarray(4 + (one[3] ?? 0) + ((one[0] ?? 0) & 0x06 ? 2 : 0)).toString();

/** A device that acknowledges nothing by itself; what has come, as `<dup?><payload>`. */
async function quietDevice(under: BrokerUnderTest, qos = 1) {
  const device = await connectRawDevice(under.broker.port, lamp);
  device.socket.write(subscribePacket([at(lamp, '#')], qos));
  await device.packets(9);
  const texts = async (count: number) => {
    const packets = await device.packets(3, count);
    return packets.map((one) => `${(one[0] ?? 0) & 0x08 ? 'again ' : ''}${payloadOf(one)}`);
  };
  const acknowledge = async (index: number) => {
    const message = (await device.packets(3, index + 1))[index] ?? Buffer.alloc(4);
    const id = message.subarray(4 + (message[3] ?? 0), 6 + (message[3] ?? 0));
    device.socket.write(packet(0x40, id));
  };
  return { ...device, texts, acknowledge };
}

const roomy = { queue: { ...limits.queue, perDevice: 50, rows: 50 } };

test('an absent device gets it when it subscribes, once, in order', async () => {
  const under = await openBrokerUnderTest();
  for (const text of ['one', 'two', 'three']) expect(under.broker.publish(lamp, 'trigger', bytes(text))).toBe('queued');
  const device = await connectDevice(under, lamp);
  expect(await granted(device, at(lamp, 'other'))).toBe(1);
  expect(await granted(device, at(lamp, 'trigger'))).toBe(1);
  await until(() => device.received.length === 3 && under.store.deviceQueue.load().rows === 0);
  expect(device.received).toEqual(['one', 'two', 'three'].map((text) => `${at(lamp, 'trigger')} ${text}`));
  under.broker.publish(lamp, 'trigger', bytes('four'));
  await until(() => device.received.length === 4);
});

test('what was not acknowledged comes again, marked, on the next connection', async () => {
  const under = await openBrokerUnderTest();
  for (const text of ['one', 'two', 'three']) under.broker.publish(lamp, 'trigger', bytes(text));
  const first = await quietDevice(under);
  expect(await first.texts(3)).toEqual(['one', 'two', 'three']);
  await first.acknowledge(1);
  await until(() => under.store.deviceQueue.load().rows === 2);
  first.socket.destroy();
  await first.closed;
  const second = await quietDevice(under);
  expect(await second.texts(2)).toEqual(['again one', 'again three']);
});

test('sixteen at a time are on their way', async () => {
  const under = await openBrokerUnderTest({ limits: roomy });
  for (let n = 1; n <= 20; n++) under.broker.publish(lamp, 'trigger', bytes(`n${n}`));
  const device = await quietDevice(under);
  await device.texts(16);
  device.socket.write(Buffer.of(0xc0, 0));
  await device.packets(13);
  expect(device.count(3)).toBe(16);
  await device.acknowledge(0);
  expect((await device.texts(17)).at(-1)).toBe('n17');
});

test('whoever subscribes with QoS 0 gets it without an acknowledgement', async () => {
  const under = await openBrokerUnderTest();
  under.broker.publish(lamp, 'trigger', bytes('one'));
  const device = await quietDevice(under, 0);
  expect(await device.texts(1)).toEqual(['one']);
  await until(() => under.store.deviceQueue.load().rows === 0);
});

test('a message that replaces takes the place of those under its leaf', async () => {
  const under = await openBrokerUnderTest();
  for (const text of ['old', 'older']) under.broker.publish(lamp, 'trigger', bytes(text));
  under.broker.publish(lamp, 'other', bytes('kept'));
  under.broker.publish(lock, 'trigger', bytes('theirs'));
  under.broker.publish(lamp, 'trigger', bytes('new'), { replace: true });
  expect(await (await quietDevice(under)).texts(2)).toEqual(['kept', 'new']);
  expect(under.store.deviceQueue.load(lock).rows).toBe(1);
});

test('rows and bytes are bounded, for one device and for all', async () => {
  const under = await openBrokerUnderTest();
  const publish = (device: string, size = 1, leaf = 'trigger') => under.broker.publish(device, leaf, Buffer.alloc(size));
  expect([10_001, 10_000, 1].map((size) => publish(lamp, size))).toEqual(['refused', 'queued', 'refused']);
  expect([5_001, 4_000, 1, 1, 1, 1].map((size) => publish(lock, size))).toEqual(['refused', ...Array(4).fill('queued'), 'refused']);
  under.store.inventory.declare({ ...(under.store.inventory.get(lamp) ?? expect.fail()), id: 'urn:x:1' });
  expect([publish('urn:x:1'), publish('urn:x:1')]).toEqual(['queued', 'refused']);
});

test('only devices have a queue, and only for topics below their place', async () => {
  const { broker } = await openBrokerUnderTest();
  expect(broker.publish('urn:x:nobody', 'trigger', bytes('x'))).toBe('refused');
  for (const leaf of ['', 'a/#', 'a/+/b', 'x/'.repeat(20)]) expect(broker.publish(lamp, leaf, bytes('x'))).toBe('refused');
  expect(broker.publish(lamp, 'a/b', bytes('x'))).toBe('queued');
});

test('what nobody took is dropped when it is too old, and makes room', async () => {
  const under = await openBrokerUnderTest();
  for (let n = 0; n < 4; n++) under.broker.publish(lamp, 'trigger', bytes('old'));
  under.clock.advance(limits.queue.maxAge);
  expect(under.broker.publish(lamp, 'trigger', bytes('x'))).toBe('refused');
  under.clock.advance(1);
  expect(under.broker.publish(lamp, 'trigger', bytes('new'))).toBe('queued');
  expect(await (await quietDevice(under)).texts(1)).toEqual(['new']);
});

test('a restart keeps it, and a removed device takes it along', async () => {
  const directory = temporaryDirectory();
  const before = await openBrokerUnderTest({ directory });
  for (const device of [lamp, lock]) before.broker.publish(device, 'trigger', bytes('kept'));
  await before.broker.close(0);
  before.store.close();
  const after = await openBrokerUnderTest({ directory });
  expect(await (await quietDevice(after)).texts(1)).toEqual(['kept']);
  after.store.inventory.remove(lock);
  expect(after.store.deviceQueue.load()).toMatchObject({ rows: 1 });
});

test('a message that could not be kept is not sent', async () => {
  let fails = false;
  const under: BrokerUnderTest = await openBrokerUnderTest({
    committed: () => (fails ? Promise.reject(new Error('the disk is full')) : Promise.resolve()),
  });
  const device = await quietDevice(under);
  fails = true;
  under.broker.publish(lamp, 'trigger', bytes('lost'));
  await until(() => under.log.some(({ message }) => message.includes('could not be kept')));
  device.socket.write(Buffer.of(0xc0, 0));
  await device.packets(13);
  expect(device.count(3)).toBe(0);
});
