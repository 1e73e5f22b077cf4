import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

test('always: at each session', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server], { polling: 'always' });
  const device = new FarDevice(under.url);
  await device.session();
  await device.session();
  expect(server.messages).toHaveLength(2);
});

test('never: only with something to report', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server], { polling: 'never' });
  const device = new FarDevice(under.url);
  await device.session();
  expect(server.messages).toHaveLength(0);
  await device.session([genericAlert()]);
  expect(server.alerts).toHaveLength(1);
});

test('an interval: not again before it has passed', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server], { polling: 3_600_000 });
  const device = new FarDevice(under.url);
  await device.session();
  under.clock.advance(3_599_999);
  await device.session();
  expect(server.messages).toHaveLength(1);
  under.clock.advance(1);
  await device.session();
  expect(server.messages).toHaveLength(2);
});
