import { expect, test } from 'vitest';
import { genericAlert, get, results, statuses } from '../commands.js';
import { declareDevice, deviceId, mutual, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

test('it costs no exchange of its own, and the server does not hear of it', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')], [get('h', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { firmware: '7.1' });
  await device.session();
  expect(under.store.inventory.get(deviceId)?.facts.firmware).toBe('7.1');
  expect(device.executed).toHaveLength(3);
  expect(device.exchanges).toHaveLength(4);
  expect(statuses(server.replies)).toEqual(['g=200', 'h=200']);
  expect(results(server.replies)).toHaveLength(2);
});

test('a device without work is asked once, as long as its firmware is not known', async () => {
  const under = await openGateway();
  declareDevice(under);
  const device = new FarDevice(under.url);
  await device.session();
  await device.session();
  expect(device.executed).toHaveLength(1);
  expect(under.store.inventory.get(deviceId)?.facts.firmware).toBe('1.0.3');
});

test('a device that wants us to prove ourselves is asked something as long as we could not', async () => {
  const server = await FarServer.open({ batches: [] });
  const under = await openGateway();
  declareDevice(under, [server], { south: mutual });
  const device = new FarDevice(under.url, { serverPassword: 'gateway-password' });
  await device.session([genericAlert()]);
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
  const exchanges = device.exchanges.length;
  await device.session([genericAlert()]);
  expect(device.alertStatuses).toHaveLength(2);
  expect(device.exchanges.length - exchanges).toBe(1);
});
