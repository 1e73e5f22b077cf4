import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listeningSockets } from '../../../src/programs/demo/listening-sockets.js';
import { type Device, deviceId, Site } from '../../e2e/site.js';
import { AddressTranslator } from '../address-translator.js';
import { codes, ended, manage, values } from '../management.js';

let translator: AddressTranslator;
let site: Site;
let device: Device;

beforeAll(async () => {
  translator = await AddressTranslator.open();
  // Devices reach the gateway only through the translator; the gateway never learns where they are.
  site = await Site.open({ gateway: { south: { port: translator.target, publicUrl: `https://127.0.0.1:${translator.port}` } } });
});
afterAll(async () => {
  await site.close();
  await translator.close();
});

it('DM20:DM-HLF-003: a device that nobody attends, without input or display, is managed by its first session', async () => {
  const added = await site.addDevice();
  const queued = await site.queue([
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '31', format: 'int' },
    { command: 'Exec', uri: './Vendor/Counter' },
    { command: 'Get', uri: './Vendor/Lamp/Level' },
  ]);
  const alone = await site.startDevice(added, ['--once']);
  const results = await ended(site.serverDoor, queued);
  expect(results.map(codes)).toEqual([[200], [200], [200]]);
  expect(values(results[2])).toEqual(['./Vendor/Lamp/Level = 31']);
  await alone.program.stop();
  // The state folder keeps what the server did: this is the same device, now with somebody to ask.
  device = await site.startDevice(added);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('31');
  expect(await device.read('./Vendor/Count')).toBe('1');
});

it('DM20:DM-HLF-020: the operator reads, changes, extends, prunes and executes a device that knows only the gateway', async () => {
  const results = await manage(
    site,
    device,
    { command: 'Get', uri: './DevInfo/Mod' },
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '42', format: 'int' },
    { command: 'Add', uri: './Vendor/Note', data: 'hello', format: 'chr' },
    { command: 'Exec', uri: './Vendor/Counter' },
  );
  expect(results.map(codes)).toEqual([[200], [200], [200], [200]]);
  expect(values(results[0])).toEqual([`./DevInfo/Mod = ${await device.read('./DevInfo/Mod')}`]);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('42');
  expect(await device.read('./Vendor/Note')).toBe('hello');
  expect(await device.read('./Vendor/Count')).toBe('2');
  const [deleted] = await manage(site, device, { command: 'Delete', uri: './Vendor/Note' });
  expect(codes(deleted)).toEqual([200]);
  expect(await device.read('./Vendor/Note')).toBeUndefined();
  expect(await device.read('./DMAcc')).toBe('postern');
});

it('DM20:DM-HLF-020: the operator sees the device under its own identity, not under the gateway’s', async () => {
  const client = (await site.serverDoor.listClients()).find(({ id }) => id === deviceId);
  expect(client?.facts).toMatchObject({ Mod: await device.read('./DevInfo/Mod') });
  expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({ status: 'attached', mode: 'proxy', accounts: ['operator'] });
});

const throughNat =
  'DM20:DM-HLF-002, DM10:6.1.1.1-3, SCH:6.1.1.1-3, DM10:6.3.1.2-2, SCH:6.3.1.2-2, DM10:6.3.4.1-3, SCH:6.3.4.1-3: ' +
  'a device behind an address translator is managed by a server that cannot connect to it';
it.runIf(existsSync('/proc'))(throughNat, async () => {
  const carried = translator.connections;
  const [result] = await manage(site, device, { command: 'Replace', uri: './Vendor/Lamp/Level', data: '43', format: 'int' });
  expect(codes(result)).toEqual([200]);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('43');
  expect(translator.connections).toBeGreaterThan(carried);
  // Nothing can be opened towards the device; and the server needs no way into the gateway: it listens for devices alone.
  expect(listeningSockets(device.program.pid)).toBe(0);
  expect(listeningSockets(site.gateway.pid)).toBe(1);
});
