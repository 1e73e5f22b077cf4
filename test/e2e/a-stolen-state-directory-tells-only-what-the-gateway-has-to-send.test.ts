import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSealer } from '#src/security/index.js';
import { PatientDevice } from './patient-device.js';
import { seededRandom } from './seeded-random.js';
import { deviceId, Site } from './site.js';
import { contentsOf, openAllSealed, type SealedFind, steal } from './thief.js';

const basicDevice = 'urn:imei:222222222222220';
const removedDevice = 'urn:imei:333333333333338';
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);
const below = seededRandom(seed);
let site: Site;
/** The passwords that basic authentication has to send: ours to the server, and ours to the device. */
let mustBeSent: readonly string[];
let talking = true;
let talk: Promise<void>;
/** Resolves after so many more messages of the device. */
let messages = (_count: number): Promise<void> => Promise.resolve();

beforeAll(async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  site = await Site.open();
  await site.addOwnAccount();
  const added = await site.addDevice();
  const basic = await site.addDevice({ id: basicDevice, scheme: 'basic' });
  mustBeSent = [site.passwords.at(-4) ?? '', basic.serverPassword];
  await site.addDevice({ id: removedDevice, scheme: 'basic' });
  await site.gatewayDoor.removeDevice({ id: removedDevice });
  talk = keepTalking(new PatientDevice(added, { afterPost: () => count() }), new PatientDevice(basic, { id: basicDevice }));
});
afterAll(async () => {
  talking = false;
  await talk;
  await site.close();
});

it('with its key: passwords that basic sends, H(user:password) of all others, and nothing of who was removed', async () => {
  await messages(10 + below(40));
  const loot = steal(site);
  const finds = openAllSealed(loot, loadSealer({ directory: loot, env: {} }));
  const secrets = finds.filter(({ column }) => column.endsWith('_secret'));
  expect(finds.filter(({ table, refused }) => refused !== undefined && table !== 'identity')).toEqual([]);
  expect(passwordsIn(secrets).sort()).toEqual([...mustBeSent].sort());
  // The server's and the device's md5 passwords both ways, and the gateway's own account.
  expect(secrets.filter(({ scheme }) => scheme === 'md5')).toHaveLength(6);
  expect(secrets.filter(({ scheme, opened }) => scheme === 'md5' && !opened?.includes('"kind":"digest"'))).toEqual([]);
  expect(finds.filter(({ row }) => row.includes(removedDevice))).toEqual([]);
  const others = site.passwords.filter((password) => !mustBeSent.includes(password));
  expect(finds.filter(({ opened }) => others.some((password) => opened?.includes(password)))).toEqual([]);
});

it('no password is there to be read without opening anything', async () => {
  await messages(1 + below(20));
  const files = contentsOf(steal(site));
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['gateway.db', 'gateway.db-wal', 'key']));
  expect(files.filter(({ text }) => site.passwords.some((password) => text.includes(password)))).toEqual([]);
});

it('a sealed value moved to another row does not open there', async () => {
  const loot = steal(site);
  const sealer = loadSealer({ directory: loot, env: {} });
  const sealed = sealer.seal('x', '["device","a","client_secret"]');
  expect(() => sealer.open(sealed, '["device","b","client_secret"]')).toThrow(expect.objectContaining({ code: 'security.sealed-damaged' }));
});

function passwordsIn(secrets: readonly SealedFind[]): string[] {
  return secrets.flatMap(({ opened = '{}' }) => {
    const { kind, value } = JSON.parse(opened) as { kind?: string; value?: string };
    return kind === 'password' && value !== undefined ? [value] : [];
  });
}

let counted = () => {};
function count(): void {
  counted();
}

/** Sessions with reports, one after the other, so that there is always something half done. */
async function keepTalking(...devices: readonly PatientDevice[]): Promise<void> {
  messages = (wanted) =>
    new Promise((resolve) => {
      let left = wanted;
      counted = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
  for (let round = 1; talking; round += 1) {
    for (const device of devices) {
      device.report(`report ${round} of ${deviceId}`);
      await device.session();
    }
  }
  for (const device of devices) device.close();
}
