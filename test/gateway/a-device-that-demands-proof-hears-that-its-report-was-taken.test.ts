import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareDevice, deviceId, mutual, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

test('with its first session, although nobody has a command for it and its firmware is known', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server], { south: mutual });
  under.store.inventory.recordContact(deviceId, { firmware: '1.0.3' }, under.clock.now());
  const device = new FarDevice(under.url, { serverPassword: 'gateway-password' });
  await device.session([genericAlert()]);
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
});

test('a device that has nothing to report is not asked for anything', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server], { south: mutual });
  under.store.inventory.recordContact(deviceId, { firmware: '1.0.3' }, under.clock.now());
  const device = new FarDevice(under.url, { serverPassword: 'gateway-password' });
  await device.session();
  expect(device.executed).toEqual([]);
});
