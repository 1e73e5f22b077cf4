import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSealer, type Sealer } from '#src/security/index.js';
import { openSecret, sealContext } from '../../src/store/sealed-secret.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, Site, serverId } from './site.js';

const basicDevice = 'urn:imei:222222222222220';
let site: Site;
/** Passwords, and passwords as basic authentication writes them. */
let canaries: readonly string[];

beforeAll(async () => {
  site = await Site.open({ gateway: { log: { level: 'debug' } }, server: { log: { level: 'debug' } } });
  await site.addOwnAccount();
  const digest = await site.addDevice();
  const basic = await site.addDevice({ id: basicDevice, scheme: 'basic' });
  const device = await site.startDevice(digest);
  await site.queue([
    { command: 'Get', uri: './DevInfo/Mod' },
    { command: 'Get', uri: './DMAcc?list=StructData' },
  ]);
  await device.report('seen');
  const second = new PatientDevice(basic, { id: basicDevice });
  second.report('seen too');
  expect(await second.session()).toMatchObject({ result: 'complete' });
  second.close();
  const refused = new PatientDevice(
    { ...basic, dmAcc: basic.dmAcc.replace(basic.clientPassword, site.newPasswords('wrong').clientPassword) },
    { id: basicDevice },
  );
  expect(await refused.session()).toMatchObject({ result: 'refused-by-peer' });
  refused.close();
  await site.gatewayDoor.testAccount({ serverId });
  await device.ask({ do: 'read', uri: './DMAcc/postern/AppAuth/1/AAuthSecret' });
  await device.program.stop();
  canaries = site.passwords.flatMap((password) => [password, ...users().map((user) => inBase64(`${user}:${password}`))]);
});
afterAll(() => site.close());

it('no program prints one, at the most talkative level', () => {
  expect(site.printed.length).toBeGreaterThan(20);
  expect(site.printed.some((line) => line.includes('"level":"debug"') || line.includes('"level":20'))).toBe(true);
  expect(site.printed.filter(holdsCanary)).toEqual([]);
});

it('no file of the gateway or the server holds one, while they run and afterwards', async () => {
  // They would be found: the virtual device keeps its account as it is.
  expect(filesBelow(join(site.folder, 'device')).filter((file) => holdsCanary(readFileSync(file, 'latin1')))).not.toEqual([]);
  expect(filesWithCanaries()).toEqual([]);
  await Promise.all([site.gateway.stop(), site.server.stop()]);
  expect(filesWithCanaries()).toEqual([]);
});

it('with the key only passwords that must be sent can be read: those of md5 accounts are not there', () => {
  const sealer = loadSealer({ directory: site.gatewayState, env: {} });
  const rows = site.readDatabase((database) => ({
    devices: database.prepare('SELECT id, scheme, client_secret, server_secret FROM device').all() as SecretRow[],
    accounts: database.prepare(`SELECT owner, server_id, scheme, client_secret, server_secret FROM account`).all() as SecretRow[],
  }));
  const secrets = [
    ...rows.devices.flatMap((row) => opened(sealer, 'device', [row['id']], row)),
    ...rows.accounts.flatMap((row) => opened(sealer, 'account', [row['owner'], row['server_id']], row)),
  ];
  expect(secrets.map(({ scheme, kind }) => `${scheme} ${kind}`).sort()).toEqual([
    // The device's to us and the server's to us are only compared.
    'basic digest',
    'basic digest',
    // Ours to the device and ours to the server are sent.
    'basic password',
    'basic password',
    ...Array.from({ length: 6 }, () => 'md5 digest'),
  ]);
  expect(secrets.filter(({ scheme, value }) => scheme === 'md5' && holdsCanary(value))).toEqual([]);
});

interface SecretRow {
  readonly [column: string]: string;
}

function opened(sealer: Sealer, table: string, row: readonly (string | undefined)[], columns: SecretRow) {
  const key = row.map(String);
  return ['client_secret', 'server_secret'].map((column) => {
    const secret = openSecret(sealer, columns[column] ?? '', sealContext(table, key, column));
    return { scheme: columns['scheme'], ...secret };
  });
}

function filesWithCanaries(): string[] {
  const files = [site.gatewayState, site.serverState].flatMap((directory) => filesBelow(directory));
  expect(files.filter((file) => file.endsWith('.db'))).toHaveLength(2);
  return files.filter((file) => holdsCanary(readFileSync(file, 'latin1')));
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function holdsCanary(text: string): boolean {
  return canaries.some((canary) => text.includes(canary));
}

function users(): string[] {
  return [deviceId, basicDevice, site.devId, serverId, 'postern'];
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
