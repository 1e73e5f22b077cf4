import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { type Device, deviceId, Site } from '../../e2e/site.js';
import { type Authority, codes, ended, manage, manageGateway, openAccount, openAuthority, values } from '../management.js';

const attached = 'urn:oma:at:oma-gwmo:deviceattached:1.1';

let site: Site;
let enterprise: Authority;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  await site.addOwnAccount();
  enterprise = await openAuthority(site, 'enterprise');
  await openAccount(site, enterprise);
  device = await site.startDevice(await site.addDevice());
});
afterAll(() => site.close());

async function enterpriseReads(...uris: readonly string[]) {
  const queued: string[] = [];
  for (const uri of uris) queued.push((await enterprise.door.queueCommand({ id: site.devId, command: 'Get', uri })).id);
  await site.gatewayDoor.testAccount({ serverId: 'enterprise' });
  return ended(enterprise.door, queued);
}

const several =
  'DM20:DM-HLF-010, DM20:DM-HLF-012, DM10:6.2-5, SCH:6.2-5, CP:6.2-4: ' +
  'operator and enterprise both manage the gateway, each in sessions and with credentials of its own';
it(several, async () => {
  const [byOperator] = await manageGateway(site, { command: 'Get', uri: './DevDetail/DevTyp' });
  const [byEnterprise] = await enterpriseReads('./DevDetail/DevTyp');
  expect([byOperator, byEnterprise].map(values)).toEqual([['./DevDetail/DevTyp = gateway'], ['./DevDetail/DevTyp = gateway']]);
});

it('DM20:DM-HLF-011: each authority has its own instance of the account object, and finds no other', async () => {
  const [byOperator] = await manageGateway(site, { command: 'Get', uri: './DMAcc' });
  const [byEnterprise, foreign] = await enterpriseReads('./DMAcc', './DMAcc/operator/ServerID');
  expect([byOperator, byEnterprise].map(values)).toEqual([['./DMAcc = operator'], ['./DMAcc = enterprise']]);
  expect(codes(foreign)).toEqual([404]);
  const [onDevice] = await manage(site, device, { command: 'Get', uri: './DMAcc' });
  expect(values(onDevice)).toEqual(['./DMAcc = operator']);
});

it('DM20:DM-HLF-018: what a device has to say goes to the server that manages it, and so does the news of its arrival', async () => {
  await device.report('for the operator');
  const heard = await eventually('the report', async () => {
    const alerts = await site.serverDoor.listAlerts({ client: deviceId });
    return alerts.length > 0 ? alerts : undefined;
  });
  expect(heard.map(({ data }) => data)).toEqual(['for the operator']);
  await eventually('the arrival', async () => (await site.serverDoor.listAlerts({})).find(({ type }) => type === attached));
  expect(await enterprise.door.listAlerts({})).toEqual([]);
});

it('DM20:DM-SEC-002: an authority reads neither another’s devices, nor its account, nor any password, its own included', async () => {
  const record = `./GwInventory/Records/${deviceId}/Mod`;
  const secret = './DMAcc/operator/AppAuth/CLCRED/AAuthSecret';
  const [own] = await manageGateway(site, { command: 'Get', uri: record });
  expect(codes(own)).toEqual([200]);
  const foreign = await enterpriseReads(record, secret, './GwInventory/Records');
  expect(foreign.map(codes)).toEqual([[404], [404], [200]]);
  expect(values(foreign[2])).toEqual(['./GwInventory/Records = ']);
  const [secretOnDevice] = await manage(site, device, { command: 'Get', uri: './DMAcc/operator/AppAuth/Client/AAuthSecret' });
  expect(codes(secretOnDevice)).toEqual([405]);
});

it('DM20:DM-SEC-002: no password lies readable in what the gateway and the server keep, or in what they print', async () => {
  // Where the scheme is basic the password itself has to be kept; elsewhere its digest is.
  await site.addDevice({ id: 'urn:imei:990000862471854', scheme: 'basic' });
  expect(site.passwords.length).toBeGreaterThan(5);
  const kept = [site.gatewayState, site.serverState].flatMap(contents);
  for (const text of [...kept, ...site.printed]) {
    for (const password of site.passwords) expect(text.includes(password)).toBe(false);
  }
});

function contents(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
}
