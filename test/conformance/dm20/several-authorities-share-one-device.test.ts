import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandResult, SmallServerCommand } from '#src/control/index.js';
import { eventually } from '../../e2e/eventually.js';
import { type Device, deviceId, reportType, Site } from '../../e2e/site.js';
import { type Authority, codes, ended, onDevice, openAccount, openAuthority, values } from '../management.js';

const all = ['Get', 'Replace', 'Add', 'Delete', 'Exec'] as const;
const profileType = 'urn:example:mo:profile:1.0';

let site: Site;
let enterprise: Authority;
let auditor: Authority;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  enterprise = await openAuthority(site, 'enterprise');
  auditor = await openAuthority(site, 'auditor');
  const shared = { './DevInfo': ['Get' as const], './Vendor/Lamp/Level': ['Get' as const, 'Replace' as const] };
  const ofOperator = { ...shared, './Vendor/Lamp/Name': [...all], './Vendor/Home': [...all] };
  // The order of names is the other way round: what comes first, comes first by its priority.
  const added = await site.addDevice({ account: { priority: 1, rights: ofOperator } });
  await openAccount(site, enterprise, deviceId, { priority: 2, rights: { ...shared, './Vendor/Work': [...all] } });
  await openAccount(site, auditor, deviceId, { polling: 'never' });
  device = await site.startDevice(added);
});
afterAll(() => site.close());

/** Both servers have something to do; the device opens one session. */
async function both(ofOperator: readonly SmallServerCommand[], ofEnterprise: readonly SmallServerCommand[]) {
  const operatorIds = await site.queue(ofOperator);
  const enterpriseIds: string[] = [];
  for (const command of ofEnterprise) enterpriseIds.push((await enterprise.door.queueCommand({ id: deviceId, ...command })).id);
  await device.session();
  return { operator: await ended(site.serverDoor, operatorIds), enterprise: await ended(enterprise.door, enterpriseIds) };
}

const get = (uri: string): SmallServerCommand => ({ command: 'Get', uri });
const replace = (uri: string, data: string, format: 'chr' | 'int' = 'chr'): SmallServerCommand => ({
  command: 'Replace',
  uri,
  data,
  format,
});
const profile = (uri: string, host: string): SmallServerCommand[] => [
  { command: 'Add', uri, format: 'node', type: profileType },
  { command: 'Add', uri: `${uri}/Host`, data: host, format: 'chr' },
];
const allCodes = (results: readonly CommandResult[]) => results.flatMap(codes);

const several =
  'DM20:DM-HLF-010, DM20:DM-HLF-011, DM20:DM-HLF-012, DM10:6.2-5, SCH:6.2-5, CP:6.2-4: ' +
  'in one session of a device each authority makes an instance of the same object, and has control of its own';
it(several, async () => {
  const made = await both(profile('./Vendor/Home', 'home.example'), profile('./Vendor/Work', 'work.example'));
  expect([made.operator, made.enterprise].map(allCodes)).toEqual([
    [200, 200],
    [200, 200],
  ]);
  const ruled = await both(
    [get('./Vendor/Home?prop=Type'), replace('./Vendor/Home/Host', 'new-home.example'), replace('./Vendor/Work/Host', 'stolen')],
    [get('./Vendor/Work?prop=Type'), { command: 'Delete', uri: './Vendor/Home' }, get('./Vendor/Home/Host'), get('./Vendor/Work/Host')],
  );
  expect(allCodes(ruled.operator)).toEqual([200, 200, 425]);
  expect(allCodes(ruled.enterprise)).toEqual([200, 425, 425, 200]);
  expect(values(ruled.operator[0])).toEqual([`./Vendor/Home?prop=Type = ${profileType}`]);
  expect(values(ruled.enterprise[0])).toEqual([`./Vendor/Work?prop=Type = ${profileType}`]);
  expect(await onDevice(device, ['./Vendor/Home/Host', './Vendor/Work/Host'])).toEqual([
    './Vendor/Home/Host = new-home.example',
    './Vendor/Work/Host = work.example',
  ]);
});

it('DM20:DM-HLF-009: which objects a server manages is set for each: the same commands are done for one, and get 425 for the other', async () => {
  const commands = [get('./Vendor/Lamp/Name'), replace('./Vendor/Lamp/Name', 'Porch'), replace('./DevInfo/Lang', 'xx')];
  const { operator, enterprise: refused } = await both(commands, commands);
  expect(allCodes(operator)).toEqual([200, 200, 425]);
  expect(allCodes(refused)).toEqual([425, 425, 425]);
  expect(await device.read('./Vendor/Lamp/Name')).toBe('Porch');
});

it('DM20:DM-HLF-014: of two servers that write one leaf the one with the higher priority has the first turn', async () => {
  const before = await device.read('./Vendor/Lamp/Level');
  const level = './Vendor/Lamp/Level';
  const { operator, enterprise: later } = await both([get(level), replace(level, '11', 'int')], [get(level), replace(level, '22', 'int')]);
  expect(values(operator[0])).toEqual([`${level} = ${String(before)}`]);
  expect(values(later[0])).toEqual([`${level} = 11`]);
  expect(await device.read(level)).toBe('22');
});

it('DM20:DM-HLF-018: a session that the device opens is taken to the servers that policy asks, and to no other', async () => {
  const waiting = await auditor.door.queueCommand({ id: deviceId, command: 'Get', uri: './DevInfo/DevId' });
  await both([get('./DevInfo/DevId')], [get('./DevInfo/DevId')]);
  expect(await auditor.door.showCommand({ id: waiting.id })).toMatchObject({ state: 'queued' });
  expect(await auditor.door.listClients()).toMatchObject([{ id: deviceId, queued: 1 }]);
});

it('DM20:DM-HLF-018: a report goes to the servers that may read what it is about', async () => {
  const report = (data: string, source: string) => device.ask({ do: 'alert-and-session', type: reportType, data, source });
  await report('of the home', './Vendor/Home/Host');
  await report('of work', './Vendor/Work/Host');
  await report('of the lamp', './Vendor/Lamp/Level');
  const heard = async ({ listAlerts }: Authority['door']) => (await listAlerts({ client: deviceId })).map(({ data }) => data).sort();
  await eventually('every report', async () => ((await heard(auditor.door)).length === 3 ? true : undefined));
  expect(await heard(site.serverDoor)).toEqual(['of the home', 'of the lamp']);
  expect(await heard(enterprise.door)).toEqual(['of the lamp', 'of work']);
});

it('DM20:DM-SEC-002: on a device an authority sees neither another’s account, nor its ACLs, nor what its rights close', async () => {
  const acl = './Vendor/Lamp/Level?prop=ACL';
  const { operator, enterprise: other } = await both(
    [replace(acl, 'Get=operator&Replace=operator'), get(acl)],
    [get(acl), get('./DMAcc/operator/ServerID'), get('./Vendor/Home/Host'), get('./Vendor?list=StructData')],
  );
  expect(values(operator[1])).toEqual([`${acl} = Get=operator&Replace=operator`]);
  expect(values(other[0])).toEqual([`${acl} = `]);
  expect(other.slice(1).map(codes)).toEqual([[425], [425], [425]]);
});
