import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type Device, deviceId, reportType, Site } from './site.js';

let site: Site;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  device = await site.startDevice(await site.addDevice());
  await site.server.kill();
});
afterAll(() => site.close());

it('meanwhile sessions of the device end in order, and its report is taken', async () => {
  expect(await device.report('while the server is away')).toMatchObject({ ok: true, result: 'complete', taken: true });
  expect(await device.session()).toMatchObject({ ok: true, result: 'complete' });
  expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({ pendingAlerts: 1 });
});

it('the report arrives once the server is back, without the device, once', async () => {
  await device.program.stop();
  await site.startServer();
  const heard = await eventually('the report', async () => {
    const alerts = await site.serverDoor.listAlerts({ client: deviceId });
    return alerts.length > 0 ? alerts : undefined;
  });
  expect(heard).toMatchObject([{ type: reportType, data: 'while the server is away', count: 1 }]);
  await eventually('the gateway to know', async () =>
    (await site.gatewayDoor.showDevice({ id: deviceId })).pendingAlerts === 0 ? true : undefined,
  );
  expect(await site.serverDoor.listAlerts({ client: deviceId })).toHaveLength(1);
});
