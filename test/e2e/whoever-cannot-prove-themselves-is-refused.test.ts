import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { SessionEvent } from '#src/virtual-device/index.js';
import { PatientDevice } from './patient-device.js';
import { type NewDeviceOptions, Site, serverId } from './site.js';

let site: Site;
let printed: number;

beforeAll(async () => {
  site = await Site.open({ gateway: { log: { level: 'debug' } }, server: { log: { level: 'debug' } } });
});
afterAll(() => site.close());
afterEach(() => {
  expect(site.printed.filter((line) => site.passwords.some((password) => line.includes(password)))).toEqual([]);
});

it('a device that nobody knows is asked for proof like any other, and leaves no trace', async () => {
  const { added } = await newDevice({ id: 'urn:imei:100000000000001' });
  const [known, stranger] = [
    await visit({ ...added, dmAcc: wrong(added.dmAcc, added.clientPassword) }, 'urn:imei:100000000000001'),
    await visit(added, 'urn:imei:100000000000009'),
  ];
  expect(stranger).toMatchObject({ result: 'refused-by-peer' });
  expect({ ...stranger, sessionId: '' }).toEqual({ ...known, sessionId: '' });
  expect((await site.gatewayDoor.listDevices({})).map(({ id }) => id)).not.toContain('urn:imei:100000000000009');
  expect(await site.gatewayDoor.listSessions()).toEqual([]);
});

it.each(['md5', 'basic'] as const)('a device with a wrong password is refused (%s)', async (scheme) => {
  const id = `urn:imei:20000000000000${scheme.length}`;
  const { added } = await newDevice({ id, scheme });
  const [queued] = await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }], id);
  const refused = await visit({ ...added, dmAcc: wrong(added.dmAcc, added.clientPassword) }, id);
  expect(refused).toMatchObject({ result: 'refused-by-peer', status: '401' });
  expect(await logged(/the session of a device has ended/)).toMatchObject({ device: id, reason: 'peer-not-authenticated' });
  const shown = await site.gatewayDoor.showDevice({ id });
  expect(shown).toMatchObject({ status: 'known', pendingAlerts: 0 });
  expect(shown.lastContact).toBeUndefined();
  expect(await site.outcomes([queued ?? ''])).toMatchObject([{ state: 'queued' }]);
  expect(await visit(added, id)).toMatchObject({ result: 'complete' });
});

it('a gateway with a wrong password is refused by the device, which executes nothing for it', async () => {
  const id = 'urn:imei:300000000000001';
  const { added } = await newDevice({ id });
  const [queued = ''] = await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }], id);
  const device = new PatientDevice({ ...added, dmAcc: wrong(added.dmAcc, added.serverPassword) }, { id });
  expect(await device.session()).toMatchObject({ result: 'peer-not-authenticated', authenticated: false });
  expect(device.read('./Vendor/Count')).toBe('0');
  device.close();
  expect(await logged(/the session of a device has ended/)).toMatchObject({ device: id, detail: expect.stringMatching(/./) });
  const [outcome] = await site.outcomes([queued]);
  expect(outcome?.state).not.toBe('done');
  expect(outcome?.statuses).toEqual([]);
});

it.each(['md5', 'basic'] as const)('a gateway with a wrong password is refused by the DM server (%s)', async (scheme) => {
  const id = `urn:imei:40000000000000${scheme.length}`;
  const wrongAccount = { scheme, account: { clientPassword: site.newPasswords('wrong').clientPassword } };
  const { added } = await newDevice({ id, ...wrongAccount });
  const [queued] = await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }], id);
  expect(await visit(added, id)).toMatchObject({ result: 'complete' });
  expect(await logged(/the session with the DM server ended early/)).toMatchObject({
    device: id,
    reason: 'refused-by-peer',
    status: '401',
  });
  expect(await site.outcomes([queued ?? ''])).toMatchObject([{ state: 'queued' }]);
  // The account of another: the server does not look at credentials of one that was wrong so often.
  const other = `urn:imei:41000000000000${scheme.length}`;
  await newDevice({ id: other, ...wrongAccount });
  const tried = await site.gatewayDoor.testAccount({ device: other, serverId });
  expect(tried.steps.find(({ ok }) => !ok)).toMatchObject({ name: 'it takes our credentials', detail: 'status 401' });
});

it.each(['md5', 'basic'] as const)(
  'a DM server with a wrong password is refused by the gateway, and nothing of it reaches the device (%s)',
  async (scheme) => {
    const id = `urn:imei:50000000000000${scheme.length}`;
    const { added } = await newDevice({ id, scheme, account: { serverPassword: site.newPasswords('wrong').serverPassword } });
    await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }], id);
    const device = new PatientDevice(added, { id });
    expect(await device.session()).toMatchObject({ result: 'complete' });
    expect(device.read('./Vendor/Count')).toBe('0');
    device.close();
    expect(await logged(/the session with the DM server ended early/)).toMatchObject({ device: id, reason: 'peer-not-authenticated' });
    // It has to prove itself only when it wants something.
    await site.queue([{ command: 'Get', uri: './DevInfo/Mod' }], id);
    const tried = await site.gatewayDoor.testAccount({ device: id, serverId });
    expect(tried.steps.find(({ ok }) => !ok)).toMatchObject({ name: 'it proves who it is' });
  },
);

async function newDevice(options: NewDeviceOptions) {
  const added = await site.addDevice(options);
  printed = site.printed.length;
  return { added };
}

/** The first line of this test that a program has logged in these words. */
async function logged(message: RegExp): Promise<unknown> {
  const before = printed;
  return JSON.parse(await site.logged(message, before)) as unknown;
}

async function visit(added: { dmAcc: string; trust: string }, id: string): Promise<SessionEvent> {
  const device = new PatientDevice(added, { id });
  try {
    device.report('from somebody');
    return await device.session();
  } finally {
    device.close();
  }
}

/** The account with another password in the place of one. */
function wrong(dmAcc: string, password: string): string {
  expect(dmAcc).toContain(password);
  return dmAcc.replace(password, site.newPasswords('wrong').clientPassword);
}
