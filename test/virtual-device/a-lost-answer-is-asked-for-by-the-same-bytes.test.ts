import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { defaultDeviceSettings } from '#src/virtual-device/index.js';
import { deviceFor, eventsOf, losing, whileTimePasses } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('and the effect happens once', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Exec', './Vendor/Counter')]);
  const clock = new ManualClock();
  const { device, events } = deviceFor({ url: server.url, clock, through: losing(1, 3, 4) });
  expect(await whileTimePasses(clock, device.runSession())).toMatchObject({ result: 'complete' });
  expect(eventsOf(events, 'unanswered').length).toBe(3);
  expect(server.bodies[1]).toEqual(server.bodies[0]);
  expect(server.bodies[3]).toEqual(server.bodies[2]);
  expect(server.bodies[4]).toEqual(server.bodies[2]);
  expect(device.read('./Vendor/Count')).toBe('1');
});

test('a bounded number of times; then the session is given up', async () => {
  const server = await DmServer.start();
  const clock = new ManualClock();
  const { device } = deviceFor({ url: server.url, clock, through: losing(1, 2, 3, 4, 5, 6) });
  expect(await whileTimePasses(clock, device.runSession())).toMatchObject({ result: 'silence' });
  expect(server.bodies.length).toBe(1 + defaultDeviceSettings.repeats.tries);
});

test('where nothing listens the pauses are waited for', async () => {
  const server = await DmServer.start();
  const { url } = server;
  await server.stop();
  const clock = new ManualClock();
  const { device, events } = deviceFor({ url, clock });
  expect(await whileTimePasses(clock, device.runSession())).toMatchObject({ result: 'silence' });
  expect(eventsOf(events, 'unanswered').map(({ why }) => why.includes('nothing listens there'))).toEqual([true, true, true]);
});

test('the last message can be repeated by order, and gets the same answer', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Exec', './Vendor/Counter')]);
  const { device } = deviceFor({ url: server.url });
  await device.runSession();
  expect(await device.repeatLast()).toEqual({ status: 200, identical: true });
  expect(server.bodies.at(-1)).toEqual(server.bodies.at(-2));
});
