import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChildProgram, Line } from '../../src/programs/demo/child-program.js';
import { ask } from './ask.js';
import { runPostern } from './run-postern.js';
import { deviceId, Site } from './site.js';

let site: Site;
let program: ChildProgram;
let said: Line;
/** The database as it was before it was damaged. */
let whole: Buffer;

beforeAll(async () => {
  const south = { listen: '127.0.0.1', port: 0, tls: false };
  // The triggers' port is free when the gateway stops, and is taken again.
  site = await Site.open({ gateway: { south, triggers: { https: { listen: '127.0.0.1', port: 0 } } } });
  await site.addDevice();
  expect(await site.gateway.stop()).toBe(0);
  whole = readFileSync(database());
  writeFileSync(database(), damaged());
  await startDamaged();
});
afterAll(() => site.close());

it('the health is 503 with the reason, and nothing is ready', async () => {
  const health = await ask(site.gatewaySocket, '/healthz');
  expect(health.status).toBe(503);
  expect(health.body).toMatch(/gateway\.db is damaged .*: stop Postern, move the file/);
  expect((await ask(site.gatewaySocket, '/readyz')).status).toBe(503);
});

it('postern status tells what is damaged and where its copy is', async () => {
  const { code, stdout } = await runPostern(['status', '--socket', site.gatewaySocket, '--json']);
  expect(code).toBe(1);
  const { state, reasons, damagedCopy } = JSON.parse(stdout);
  expect([state, reasons]).toEqual(['safe-mode', expect.arrayContaining([expect.stringContaining('put a copy back')])]);
  expect(readFileSync(damagedCopy)).toEqual(damaged());
});

it('postern diagnostics puts together what there is without the database', async () => {
  const { code, stdout } = await runPostern(['diagnostics', '--socket', site.gatewaySocket]);
  expect(code).toBe(0);
  const { status, health, configuration, log, devices } = JSON.parse(stdout);
  expect([status.state, health.status, devices]).toEqual(['safe-mode', 'broken', undefined]);
  expect(configuration.south.listen).toBe('127.0.0.1');
  expect(log.map(({ msg }: Line) => msg)).toEqual([expect.stringMatching(/plain http/), expect.stringMatching(/^safe mode: /)]);
});

it('everything else is refused with the reason', async () => {
  const { code, stderr } = await runPostern(['devices', 'list', '--socket', site.gatewaySocket]);
  expect(code).toBe(1);
  expect(stderr).toContain('safe mode');
});

it('devices and senders of triggers get 503', async () => {
  const [south = '', triggers = ''] = said['addresses'] as string[];
  const post = { method: 'POST', body: 'x', headers: { 'content-type': 'application/vnd.syncml.dm+xml' } };
  expect((await fetch(`${south}/dm`, post)).status).toBe(503);
  expect((await fetch(`${south}/dm/trigger`)).status).toBe(503);
  expect(triggers).toMatch(/^https:.*\/trigger\/$/);
});

it('it leaves with 0 when it is told to, and every start finds the same safe mode and one copy', async () => {
  for (let start = 0; start < 3; start += 1) {
    expect((await ask(site.gatewaySocket, '/healthz')).status).toBe(503);
    expect(await program.stop()).toBe(0);
    await startDamaged();
  }
  expect(copies()).toHaveLength(1);
  expect(readFileSync(database())).toEqual(damaged());
});

it('a sound database put back is all it takes', async () => {
  await program.stop();
  writeFileSync(database(), whole);
  await site.startGateway();
  expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({ id: deviceId });
  expect(await site.gatewayDoor.status()).toMatchObject({ state: 'running', reasons: [] });
});

function database(): string {
  return join(site.gatewayState, 'gateway.db');
}

/** All pages but the first two are gone, as when flash gives up. */
function damaged(): Buffer {
  return Buffer.from(whole).fill(0xa5, 2 * 4096);
}

function copies(): string[] {
  return readdirSync(site.gatewayState).filter((name) => name.includes('.damaged-') && !name.endsWith('-wal'));
}

async function startDamaged(): Promise<void> {
  const args = ['run', '--config', join(site.folder, 'gateway.yaml'), '--state', site.gatewayState, '--json'];
  const isSafe = ({ msg }: Line) => typeof msg === 'string' && msg.startsWith('safe mode');
  ({ program, ready: said } = await site.start('gateway', args, isSafe));
}
