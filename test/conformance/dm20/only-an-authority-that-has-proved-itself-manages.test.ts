import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, deviceId, Site } from '../../e2e/site.js';
import { type Authority, codes, manage, openAccount, openAuthority } from '../management.js';

let site: Site;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  device = await site.startDevice(await site.addDevice());
});
afterAll(() => site.close());

/** A server that would change the device: it has sessions, and the gateway looks for work at all its servers. */
async function tryToChange(authority: Authority): Promise<string> {
  const command = { command: 'Replace', uri: './Vendor/Lamp/Level', data: '66', format: 'int' } as const;
  const { id } = await authority.door.queueCommand({ id: deviceId, ...command });
  for (let session = 0; session < 2; session += 1) expect(await device.session()).toMatchObject({ result: 'complete' });
  return (await authority.door.showCommand({ id })).state;
}

const spoofed =
  'DM10:6.1.1.1-1, SCH:6.1.1.1-1, CP:6.1.1-1: a server at the right address with a certificate of its own making gets no credential, and changes nothing';
it(spoofed, async () => {
  const impostor = await openAuthority(site, 'impostor', { trusted: false });
  await openAccount(site, impostor, deviceId);
  expect(await tryToChange(impostor)).toBe('queued');
  expect(await device.read('./Vendor/Lamp/Level')).toBe('10');
  // It was never told who calls: not one message reached it.
  expect((await impostor.door.listClients())[0]?.lastContact).toBeUndefined();
  await site.gatewayDoor.removeAccount({ serverId: 'impostor', device: deviceId });
});

const unproven =
  'DM20:DM-SEC-001, DM20:DM-HLF-015, DM10:6.1.1.2-1, SCH:6.1.1.2-1, CP:6.1.1-3, DM10:6.1.1.1-1, SCH:6.1.1.1-1, CP:6.1.1-1: ' +
  'a server with a good certificate that does not know its password manages nothing';
it(unproven, async () => {
  const pretender = await openAuthority(site, 'pretender');
  await openAccount(site, pretender, deviceId, { serverPassword: 'what the pretender does not know' });
  expect(await tryToChange(pretender)).toBe('aborted');
  expect(await device.read('./Vendor/Lamp/Level')).toBe('10');
  await site.gatewayDoor.removeAccount({ serverId: 'pretender', device: deviceId });
});

it('DM20:DM-SEC-001, DM10:6.1.1.2-1, SCH:6.1.1.2-1, CP:6.1.1-3: a server that proves itself does manage', async () => {
  const [result] = await manage(site, device, { command: 'Replace', uri: './Vendor/Lamp/Level', data: '12', format: 'int' });
  expect(codes(result)).toEqual([200]);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('12');
});

it('DM20:DM-HLF-015: a DM server without an account cannot manage, whomever it knows', async () => {
  const stranger = await openAuthority(site, 'stranger');
  await stranger.door.addClient({ id: deviceId, ...site.newPasswords('stranger') });
  const { id } = await stranger.door.queueCommand({
    id: deviceId,
    command: 'Replace',
    uri: './Vendor/Lamp/Level',
    data: '66',
    format: 'int',
  });
  await device.session();
  expect(await stranger.door.showCommand({ id })).toMatchObject({ state: 'queued' });
  expect(await device.read('./Vendor/Lamp/Level')).toBe('12');
});
