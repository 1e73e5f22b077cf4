import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, Site } from './site.js';

let site: Site;
let device: PatientDevice;
/** The device is in the middle of its session, and says no more for now. */
let silent: Promise<void>;
let goOn = () => {};

beforeAll(async () => {
  site = await Site.open({ gateway: { limits: { sessionIdle: '1m' } } });
  await site.addOwnAccount();
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isSilent = () => {};
  silent = new Promise((resolve) => {
    isSilent = resolve;
  });
  let messages = 0;
  const beforePost = async () => {
    messages += 1;
    if (messages <= 3) return;
    isSilent();
    await told;
  };
  device = new PatientDevice(await site.addDevice(), { beforePost });
});
afterAll(async () => {
  device.close();
  await site.close();
});

it('leaves with 0 within its time although a device keeps a session open, and finds everything again', async () => {
  await site.queue([{ command: 'Get', uri: './Vendor/Log' }]);
  device.report('before the end');
  const session = device.session();
  await silent;
  expect(device.waiting).toEqual([]);
  expect(await site.gatewayDoor.listSessions()).toContainEqual(expect.objectContaining({ leg: 'south', device: deviceId }));
  const [inventory, accounts] = [await inventoryNow(), await site.gatewayDoor.listAccounts({})];

  // It would be null if it had to be killed, which ChildProgram does after 10 s.
  expect(await site.gateway.stop()).toBe(0);
  await site.startGateway();
  expect((await site.gatewayDoor.gateway()).devId).toBe(site.devId);
  expect(await inventoryNow()).toEqual(inventory);
  expect((await site.gatewayDoor.listAccounts({})).map(withoutCounts)).toEqual(accounts.map(withoutCounts));

  goOn();
  expect((await session).result).not.toBe('complete');
  expect(await device.session()).toMatchObject({ result: 'complete' });
  const heard = await eventually('the report', async () => {
    const alerts = await site.serverDoor.listAlerts({ client: deviceId });
    return alerts.length > 0 ? alerts : undefined;
  });
  expect(heard).toMatchObject([{ data: 'before the end', count: 1 }]);
});

it('the other programs leave with 0 as well', async () => {
  expect(await site.server.stop()).toBe(0);
  expect(await site.gateway.stop()).toBe(0);
});

async function inventoryNow() {
  const { firstSeen, lastContact, pendingAlerts: _, ...rest } = await site.gatewayDoor.showDevice({ id: deviceId });
  expect([firstSeen, lastContact]).not.toContain(undefined);
  return { ...rest, firstSeen };
}

function withoutCounts<T extends { readonly pendingAlerts: number }>({ pendingAlerts: _, ...rest }: T) {
  return rest;
}
