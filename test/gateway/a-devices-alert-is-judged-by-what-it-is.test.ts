import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { metLimits } from '../met-limits.js';
import { genericAlert } from './commands.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

test('generic alerts and client events are taken, others refused', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session([
    genericAlert(),
    { Data: '1226', Item: [{ Source: { LocURI: './X' } }] },
    { Data: '1100', Item: [{ Data: 'hello' }] },
    { Data: '1224', Item: [{ Data: 'x' }] },
  ]);
  expect(device.alertStatuses).toEqual([
    ['alert-0', '200'],
    ['alert-1', '412'],
    ['alert-2', '406'],
    ['alert-3', '200'],
  ]);
  expect(server.alerts.map(({ Data }) => Data)).toEqual(['1226', '1224']);
});

test('without a server to go to an alert is not taken', async () => {
  const under = await openGateway();
  declareDevice(under);
  const device = new FarDevice(under.url);
  await device.session([genericAlert()]);
  expect(device.alertStatuses).toEqual([['alert-0', '500']]);
});

test('where no more can be kept the device is to try later', async () => {
  const server = await FarServer.open({ instead: () => ({ status: 503 }) });
  const counters = new Counters();
  const under = await openGateway({ counters, limits: { outboxRows: 1 } });
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session([genericAlert('1'), genericAlert('2')]);
  expect(device.alertStatuses).toEqual([
    ['alert-0', '200'],
    ['alert-1', '417'],
  ]);
  expect(metLimits(counters)).toEqual({ 'retry.alertsPerDevice': 1 });
});
