import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { PatientDevice } from '../../e2e/patient-device.js';
import { Device, deviceId, reportType, Site } from '../../e2e/site.js';
import { codes, ended, manage, manageGateway, onDevice, values } from '../management.js';

let site: Site;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  await site.addOwnAccount();
  device = await site.startDevice(await site.addDevice());
});
afterAll(() => site.close());

const leaves = ['./DevInfo/Man', './DevInfo/Mod', './DevDetail/FwV', './DevDetail/SwV', './DevDetail/HwV'];
const properties =
  'DM10:6.3.1-2, SCH:6.3.1-2, DM10:6.3.1-24, SCH:6.3.1-24, DM10:6.3.4-3, SCH:6.3.4-3: ' +
  'device and gateway tell manufacturer, model, firmware, software and hardware when the server asks';
it(properties, async () => {
  const asked = leaves.map((uri) => ({ command: 'Get' as const, uri }));
  expect((await manage(site, device, ...asked)).flatMap(values)).toEqual(await onDevice(device, leaves));
  const ofGateway = (await manageGateway(site, ...asked)).flatMap(values);
  expect(ofGateway).toHaveLength(leaves.length);
  expect(ofGateway).toContain('./DevInfo/Mod = DM Gateway');
  for (const line of ofGateway) expect(line).not.toMatch(/= $/);
});

const capabilities =
  'DM10:6.3.1-3, SCH:6.3.1-3, DM10:6.3.4-3, SCH:6.3.4-3: device and gateway tell what they can take, what kind they are and how they are set';
it(capabilities, async () => {
  const uris = ['./DevDetail/LrgObj', './DevDetail/URI/MaxDepth', './DevDetail/DevTyp', './DevInfo/DmV', './DevInfo/Lang'];
  const asked = uris.map((uri) => ({ command: 'Get' as const, uri }));
  const [configuration, ...told] = await manage(site, device, { command: 'Get', uri: './Vendor/Lamp?list=StructData' }, ...asked);
  expect(told.flatMap(values)).toEqual(await onDevice(device, uris));
  expect(values(configuration)).toEqual(expect.arrayContaining(['./Vendor/Lamp/On = false']));
  expect((await manageGateway(site, ...asked)).flatMap(values)).toHaveLength(uris.length);
});

const tree =
  'DM10:6.3.1-6, SCH:6.3.1-6, DM10:6.3.2-4, SCH:6.3.2-4, DM10:6.3.4-5, SCH:6.3.4-5, DM10:6.3.4-7, SCH:6.3.4-7: ' +
  'the server adds, reads, changes and deletes nodes of the device’s tree';
it(tree, async () => {
  const [interior, leaf, read, changed, readAgain] = await manage(
    site,
    device,
    { command: 'Add', uri: './Vendor/Mail', format: 'node' },
    { command: 'Add', uri: './Vendor/Mail/Host', data: 'one.example', format: 'chr' },
    { command: 'Get', uri: './Vendor/Mail/Host' },
    { command: 'Replace', uri: './Vendor/Mail/Host', data: 'two.example', format: 'chr' },
    { command: 'Get', uri: './Vendor/Mail/Host' },
  );
  expect([interior, leaf, changed].map(codes)).toEqual([[200], [200], [200]]);
  expect([read, readAgain].map(values)).toEqual([['./Vendor/Mail/Host = one.example'], ['./Vendor/Mail/Host = two.example']]);
  expect(await device.read('./Vendor/Mail/Host')).toBe('two.example');
  const [deleted, gone] = await manage(
    site,
    device,
    { command: 'Delete', uri: './Vendor/Mail' },
    { command: 'Get', uri: './Vendor/Mail/Host' },
  );
  expect([deleted, gone].map(codes)).toEqual([[200], [404]]);
  expect(await device.read('./Vendor')).not.toContain('Mail');
});

const acknowledged =
  'DM10:6.3.4-9, SCH:6.3.4-9, DM10:6.3.1-9, SCH:6.3.1-9, DM10:6.3.1-27, SCH:6.3.1-27, DM10:6.3.4-21, SCH:6.3.4-21: ' +
  'what succeeded and what failed comes back for each operation, in the codes of OMA DM';
it(acknowledged, async () => {
  const results = await manage(
    site,
    device,
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '21', format: 'int' },
    { command: 'Replace', uri: './Vendor/Nowhere', data: 'x', format: 'chr' },
    { command: 'Delete', uri: './Vendor/Lamp' },
    { command: 'Add', uri: './Vendor/Lamp', format: 'node' },
    { command: 'Get', uri: './Vendor/Lamp/Level' },
  );
  expect(results.map(codes)).toEqual([[200], [404], [405], [418], [200]]);
  expect(results.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('21');
});

const logged = 'DM10:6.1.2-5, SCH:6.1.2-5: what was done is on record with its success, also after the server’s and the gateway’s end';
it(logged, async () => {
  const queued = await site.queue([
    { command: 'Get', uri: './DevInfo/Mod' },
    { command: 'Get', uri: './Vendor/Nowhere' },
  ]);
  const before = site.printed.length;
  await device.session();
  await ended(site.serverDoor, queued);
  const sessions = () => site.printed.slice(before).filter((line) => /"reason":"complete"/.test(line) && line.includes(deviceId));
  await eventually('the record of the session', () => (sessions().length > 0 ? sessions() : undefined));
  await site.server.kill();
  await site.startServer();
  expect((await site.outcomes(queued)).map((result) => [result.state, ...codes(result)])).toEqual([
    ['done', 200],
    ['done', 404],
  ]);
});

const identified = 'DM10:6.1.2-4, SCH:6.1.2-4: sessions that are open are told apart by an identifier of their own';
it(identified, async () => {
  const id = 'urn:imei:356938035643809';
  const open: { id: string; leg: string; sessionId: string }[] = [];
  const watched = new PatientDevice(await site.addDevice({ id }), {
    id,
    beforePost: async () => void open.push(...(await site.gatewayDoor.listSessions())),
  });
  for (let count = 0; count < 3; count += 1) {
    // Something to do, so that the device comes back while its session is open.
    await site.queue([{ command: 'Get', uri: './DevInfo/Mod' }], id);
    await watched.session();
  }
  watched.close();
  const south = open.filter(({ leg }) => leg === 'south');
  const north = open.filter(({ leg }) => leg === 'north');
  expect(new Set(south.map((session) => session.id)).size).toBe(3);
  expect(new Set(north.map((session) => session.id)).size).toBe(3);
  // What the server knows them by differs too.
  expect(new Set(north.map(({ sessionId }) => sessionId)).size).toBe(3);
});

const fault = 'DM10:6.3.4-12, SCH:6.3.4-12: the server hears of a fault that a device reports, and gives it to whoever asks';
it(fault, async () => {
  await device.report('lamp broken');
  const told = await eventually('the report', async () =>
    (await site.serverDoor.listAlerts({ client: deviceId })).find(({ data }) => data === 'lamp broken'),
  );
  expect(told).toMatchObject({ type: reportType, client: deviceId, count: 1 });
});

const mutual =
  'DM10:6.3.4-2, SCH:6.3.4-2, DM10:6.1.1.2-3, SCH:6.1.1.2-3, CP:6.1.1-5, DM10:6.3.4-27, SCH:6.3.4-27, DM10:6.3.1-29, SCH:6.3.1-29: ' +
  'server and device prove themselves to each other with nonces that each gave the other, and neither accepts a wrong password';
it(mutual, async () => {
  const before = nonces();
  const [read] = await manage(site, device, { command: 'Get', uri: './DevInfo/Mod' });
  expect(codes(read)).toEqual([200]);
  const after = nonces();
  // Four of them: each way on each leg; all used, and replaced.
  expect(before).toHaveLength(4);
  expect(after).toHaveLength(4);
  for (const nonce of after) expect(before).not.toContain(nonce);
  const wrong = 'urn:imei:990000862471854';
  await site.addDevice({ id: wrong, account: { clientPassword: 'not what the server knows' } });
  expect(await site.gatewayDoor.testAccount({ serverId: 'operator', device: wrong })).toMatchObject({ ok: false });
  expect((await site.serverDoor.listClients()).find(({ id }) => id === wrong)?.lastContact).toBeUndefined();
});

it('DM10:6.3.1-16, SCH:6.3.1-16: a device has a name for people beside the one that is unique in the network', async () => {
  const id = 'urn:imei:013851002345678';
  await site.gatewayDoor.addDevice({ id, name: 'Lamp in the hall' });
  expect(await site.gatewayDoor.showDevice({ id })).toMatchObject({ id, name: 'Lamp in the hall' });
});

const kept =
  'DM10:6.3.1-4, SCH:6.3.1-4: once it has its account, a device takes and keeps what the server sends, with nobody there to agree';
it(kept, async () => {
  const [added] = await manage(site, device, { command: 'Add', uri: './Vendor/Kept', data: 'for good', format: 'chr' });
  expect(codes(added)).toEqual([200]);
  await device.program.kill();
  const state = ['device', '--state', `${site.folder}/device`, '--trust', `${site.folder}/trust.pem`, '--json'];
  device = new Device((await site.start('device', state, ({ event }) => event === 'session')).program);
  expect(await device.read('./Vendor/Kept')).toBe('for good');
});

const distributed =
  'DM10:6.2-1, SCH:6.2-1, CP:6.2-1, DM10:6.2-2, SCH:6.2-2, CP:6.2-2: server, gateway and device are programs of their own that go away and come back one by one';
it(distributed, async () => {
  const before = [site.server.pid, site.gateway.pid, device.program.pid];
  expect(new Set(before).size).toBe(3);
  const queued = await site.queue([{ command: 'Replace', uri: './Vendor/Lamp/Level', data: '88', format: 'int' }]);
  await site.gateway.kill();
  await site.startGateway();
  await site.server.kill();
  await site.startServer();
  await device.session();
  expect((await ended(site.serverDoor, queued)).map(codes)).toEqual([[200]]);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('88');
  expect(device.program.pid).toBe(before[2]);
});

/** What the gateway keeps to prove itself with next, and to have proved to it, on both legs of the device. */
function nonces(): unknown[] {
  const rows = site.readDatabase((database) => database.prepare('SELECT * FROM nonce').all());
  return rows.map((row) => JSON.stringify(row)).filter((row) => row.includes(deviceId));
}
