import { expect, test } from 'vitest';
import { get, results, statuses } from '../commands.js';
import { declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
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
