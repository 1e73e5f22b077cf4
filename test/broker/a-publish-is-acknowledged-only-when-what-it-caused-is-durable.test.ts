import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, lamp, openBrokerUnderTest } from './broker-under-test.js';
import { connectRawDevice, publishPacket } from './raw-device.js';

/** A broker whose commits end one by one, when they are told to. */
async function openSlowly() {
  const commits: { resolve: () => void; reject: (why: Error) => void }[] = [];
  const steps: string[] = [];
  const committed = () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject }));
  const onMessage = (_device: string, leaf: string) => void steps.push(leaf);
  const under = await openBrokerUnderTest({ committed, onMessage });
  const device = await connectRawDevice(under.broker.port, lamp);
  const ping = async (count: number) => {
    device.socket.write(Buffer.of(0xc0, 0));
    await device.packets(13, count);
  };
  return { ...device, commits, steps, ping };
}

test.each([
  [1, 4],
  [2, 5],
])('QoS %i', async (qos, acknowledgement) => {
  const device = await openSlowly();
  device.socket.write(publishPacket(at(lamp, 'a'), 'x', qos, 1));
  await until(() => device.commits.length === 1);
  expect(device.steps).toEqual(['a']);
  expect(device.count(acknowledgement)).toBe(0);
  device.commits[0]?.resolve();
  await device.packets(acknowledgement);
});

test('what could not be kept is not acknowledged: the connection ends, and the device sends it again', async () => {
  const device = await openSlowly();
  device.socket.write(publishPacket(at(lamp, 'a'), 'x', 1, 1));
  await until(() => device.commits.length === 1);
  device.commits[0]?.reject(new Error('the disk is full'));
  await device.closed;
  expect(device.count(4)).toBe(0);
});

test('closing waits for what was taken', async () => {
  const commits: (() => void)[] = [];
  const under = await openBrokerUnderTest({ committed: () => new Promise((resolve) => commits.push(resolve)) });
  const device = await connectRawDevice(under.broker.port, lamp);
  device.socket.write(publishPacket(at(lamp, 'a'), 'x', 1, 1));
  await until(() => commits.length === 1);
  const closed = under.broker.close(1_000);
  commits[0]?.();
  await device.packets(4);
  await closed;
});
