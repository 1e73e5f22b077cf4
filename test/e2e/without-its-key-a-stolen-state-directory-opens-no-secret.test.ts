import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSealer, loadSealer } from '#src/security/index.js';
import { PatientDevice } from './patient-device.js';
import { Site } from './site.js';
import { contentsOf, openAllSealed, steal } from './thief.js';

const basicDevice = 'urn:imei:222222222222220';
const elsewhere = mkdtempSync(join(tmpdir(), 'postern-key-'));
const key = randomBytes(32);
let site: Site;

beforeAll(async () => {
  const file = join(elsewhere, 'key');
  writeFileSync(file, key, { mode: 0o600 });
  vi.stubEnv('POSTERN_KEY_FILE', file);
  site = await Site.open();
  const device = new PatientDevice(await site.addDevice({ id: basicDevice, scheme: 'basic' }), { id: basicDevice });
  device.report('seen');
  expect(await device.session()).toMatchObject({ result: 'complete' });
  device.close();
});
afterAll(async () => {
  await site.close();
  rmSync(elsewhere, { recursive: true });
  vi.unstubAllEnvs();
});

it('not one: whatever key the thief makes is told to be another', () => {
  const loot = steal(site);
  const finds = openAllSealed(loot, loadSealer({ directory: loot, env: {} }));
  expect(finds.filter(({ column }) => column.endsWith('_secret')).length).toBeGreaterThanOrEqual(4);
  expect(finds.filter(({ refused }) => refused !== 'security.wrong-key')).toEqual([]);
});

it('nor does it let the thief be the gateway: the keys of its certificates are sealed too', () => {
  const loot = steal(site);
  const theirs = loadSealer({ directory: loot, env: {} });
  for (const name of ['ca.key', 'server.key']) {
    const content = readFileSync(join(loot, name), 'utf8');
    expect(() => createPrivateKey(content)).toThrow();
    expect(() => theirs.open(content, JSON.stringify(['file', name]))).toThrow(expect.objectContaining({ code: 'security.wrong-key' }));
    expect(createPrivateKey(createSealer(key).open(content, JSON.stringify(['file', name]))).type).toBe('private');
  }
  expect(contentsOf(loot).filter(({ text }) => text.includes('PRIVATE KEY'))).toEqual([]);
});

it('neither the key nor a password lies in any file, in any form that it is written in', () => {
  const forms = [key.toString('latin1'), key.toString('hex'), key.toString('base64'), key.toString('base64url'), ...site.passwords];
  const files = contentsOf(steal(site));
  expect(files.map(({ name }) => name)).not.toContain('key');
  expect(files.filter(({ text }) => forms.some((form) => text.includes(form)))).toEqual([]);
});
