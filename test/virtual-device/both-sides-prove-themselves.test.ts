import { expect, test } from 'vitest';
import { deviceFor, eventsOf } from './device.js';
import { ask, DmServer } from './dm-server.js';

test.each([
  ['DIGEST', 'md5'],
  ['BASIC', 'basic'],
] as const)('with %s, challenged both ways where it has to be', async (type, scheme) => {
  const server = await DmServer.start({ scheme });
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  const { device } = deviceFor({ url: server.url, type });
  expect(await device.runSession()).toMatchObject({ result: 'complete', authenticated: true });
  expect(server.results()).toEqual(['Virtual lamp']);
});

test('the nonces of one session serve in the next, without a challenge', async () => {
  const server = await DmServer.start();
  const { device, events } = deviceFor({ url: server.url });
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  await device.runSession();
  const first = eventsOf(events, 'said').length;
  server.asks.push([ask('Get', './DevInfo/Man')]);
  await device.runSession();
  expect(first).toBeGreaterThan(2);
  expect(eventsOf(events, 'said').length - first).toBe(2);
  expect(server.results()).toEqual(['Virtual lamp', 'Postern']);
});

test('a server with the wrong password has nothing executed', async () => {
  const server = await DmServer.start({ serverPassword: 'guessed' });
  server.asks.push([ask('Replace', './Vendor/Lamp/Level', '99', 'int'), ask('Exec', './Vendor/Counter')]);
  const { device, events } = deviceFor({ url: server.url });
  expect(await device.runSession()).toMatchObject({ authenticated: false });
  expect(eventsOf(events, 'executed')).toEqual([]);
  expect(device.read('./Vendor/Lamp/Level')).toBe('10');
  expect(device.read('./Vendor/Count')).toBe('0');
});

test('a server that does not take our password ends the session', async () => {
  const server = await DmServer.start({ clientPassword: 'another' });
  const { device } = deviceFor({ url: server.url });
  expect(await device.runSession()).toMatchObject({ result: 'refused-by-peer', status: '401' });
});
