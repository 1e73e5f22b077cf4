import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSmallServerClient } from '#src/control/index.js';
import type { ChildProgram, Line } from '../../src/programs/demo/child-program.js';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, Site } from './site.js';

const shim = new URL('failing-sync.mjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'postern-e2e-'));
/** The disk fails as long as this file is there. */
const flag = join(folder, 'fails');
const failing = ['env', `NODE_OPTIONS=--import=${shim}`, `FAILING_SYNC=${flag}`];
let site: Site;
let device: PatientDevice;

beforeAll(async () => {
  site = await Site.open({ within: failing });
  device = new PatientDevice(await site.addDevice());
});
afterAll(async () => {
  device.close();
  await site.close();
  rmSync(folder, { recursive: true });
});

/** Resolves when a program has ended by itself. */
function ended(program: ChildProgram): Promise<unknown> {
  return expect(program.until(() => false, 60_000)).rejects.toThrow('ended');
}

it('nothing is acknowledged, the gateway leaves with 74 and says why, and its next start has all that was', async () => {
  device.report('before');
  expect(await device.session()).toMatchObject({ result: 'complete' });
  const isOver = ended(site.gateway);
  writeFileSync(flag, '');
  device.report('while it fails');
  expect((await device.session()).result).not.toBe('complete');
  expect(device.waiting).toEqual(['while it fails']);
  await isOver;
  expect(await site.gateway.stop()).toBe(74);
  expect(site.printed.find((line) => line.includes('the disk has failed to keep'))).toContain('"code":"store.input-output"');
  expect(site.printed.find((line) => line.startsWith('postern: '))).toMatch(/^postern: The database \S+ cannot be read or written \(EIO/);

  rmSync(flag);
  await site.startGateway();
  expect(await device.session()).toMatchObject({ result: 'complete' });
  expect(device.waiting).toEqual([]);
  const heard = await eventually('both reports', async () => {
    const alerts = await site.serverDoor.listAlerts({ client: deviceId });
    return alerts.length >= 2 ? alerts : undefined;
  });
  // What was not acknowledged may have been kept all the same: then it comes twice.
  expect([...new Set(heard.map(({ data }) => data))].sort()).toEqual(['before', 'while it fails']);
});

it('the small DM server does the same', async () => {
  const state = mkdtempSync(join(folder, 'server-'));
  const config = join(folder, 'server.yaml');
  writeFileSync(config, JSON.stringify({ port: 0 }), { mode: 0o600 });
  const isListening = ({ msg }: Line) => msg === 'listening';
  const args = ['server', '--config', config, '--state', state, '--json'];
  const { program, ready } = await site.start('server', args, isListening, failing);
  const isOver = ended(program);
  writeFileSync(flag, '');
  const door = createSmallServerClient({ socket: String(ready['socket']) });
  await expect(door.addClient({ id: deviceId, ...site.newPasswords('north') })).rejects.toMatchObject({ code: 'store.input-output' });
  await isOver;
  expect(await program.stop()).toBe(74);
});
