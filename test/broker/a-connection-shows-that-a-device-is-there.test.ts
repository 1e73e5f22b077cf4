import { expect, test } from 'vitest';
import { until } from '../gateway/peers.js';
import { at, connectDevice, lamp, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';
import { connectPacket, connectRaw } from './raw-device.js';

const seen = { id: lamp, by: 'broker', address: '127.0.0.1' };

test('with a keep-alive it promises to be heard, and is told again as long as it is', async () => {
  const under = await openBrokerUnderTest();
  const device = await connectDevice(under, lamp, { keepalive: 60 });
  const heartbeat = 90_000;
  await until(() => under.sightings.length === 1);
  expect(under.sightings).toEqual([{ ...seen, heartbeat }]);
  under.clock.advance(29_999);
  expect(await refusesPublish(device, at(lamp, 'x'))).toBe(false);
  expect(under.sightings).toHaveLength(1);
  under.clock.advance(1);
  expect(await refusesPublish(device, at(lamp, 'x'))).toBe(false);
  expect(under.sightings).toEqual([
    { ...seen, heartbeat },
    { ...seen, heartbeat },
  ]);
});

test('without one it promises nothing; it is gone with its last connection', async () => {
  const under = await openBrokerUnderTest();
  const [one, two] = [await connectDevice(under, lamp, { keepalive: 0 }), await connectDevice(under, lamp, { keepalive: 0 })];
  await until(() => under.sightings.length === 2);
  expect(under.sightings).toEqual([seen, seen]);
  await one.client.endAsync();
  expect(await refusesPublish(two, at(lamp, 'x'))).toBe(false);
  expect(under.sightings).toHaveLength(2);
  two.client.stream.destroy();
  await until(() => under.sightings.length === 3);
  expect(under.sightings.at(-1)).toEqual({ gone: lamp });
});

test('whoever is refused was not seen, and stopping makes nobody gone', async () => {
  const under = await openBrokerUnderTest();
  const { socket } = await connectRaw(under.broker.port);
  socket.write(connectPacket(lamp, { password: 'guessed' }));
  await until(() => under.log.length === 1);
  await connectDevice(under, lamp);
  await until(() => under.sightings.length === 1);
  await under.broker.close(0);
  expect(under.sightings).toHaveLength(1);
});
