import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { systemClock } from '#src/base/index.js';
import { loadSealer } from '#src/security/index.js';
import { Database, openGatewayStore } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { sealContext, sealSecret } from '#src/store/sealed-secret.js';
import { ChildProgram } from '../../src/programs/demo/child-program.js';
import { entry } from '../e2e/run-postern.js';
import { seededRandom } from '../e2e/seeded-random.js';
import { temporaryDirectory } from '../store/store-fixture.js';

const rounds = 5;
/** Of one round, at the same database. */
const mostKills = 2;
/** Milliseconds from the copy to the kill: the steps take less. */
const longest = 40;
const devices = Array.from({ length: 300 }, (_, at) => `urn:imei:49015${String(at).padStart(10, '0')}`);
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);

it(`${rounds} databases of an older version, each started from until it was killed, hold what they held`, {
  timeout: 400_000,
}, async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  const below = seededRandom(seed);
  const old = oldVersion();
  const state = join(temporaryDirectory(), 'state');
  const start = await timeOfStart(copyOf(old, state));
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    copyOf(old, state);
    for (let kill = below(mostKills); kill < mostKills; kill += 1) {
      const isAimed = !existsSync(copyIn(state)) && below(3) > 0;
      await startAndKill(state, isAimed ? copyMade(state).then(() => pause(below(longest))) : pause(below(start)));
      found.push(lookAt(state));
    }
    expectNewest(state);
  }
  process.stdout.write(`versions after the kills: ${found.join(' ')}\n`);
});

/** Version 3, with devices, reports that were acknowledged to them, and their nonces. */
function oldVersion(): string {
  const directory = temporaryDirectory();
  const sealer = loadSealer({ directory, env: {} });
  const database = Database.open({ file: join(directory, 'gateway.db'), migrations: gatewayMigrations.slice(0, 3) });
  for (const id of devices) {
    const secret = sealSecret(sealer, { kind: 'digest', value: 'ZGV2aWNl' }, sealContext('device', [id], 'client_secret'));
    database.run(
      `INSERT INTO device (id, mode, origin, scheme, user_name, client_secret, allow_plain_http, polling, association_epoch)
       VALUES (?, 'proxy', 'added', 'md5', 'user', ?, 0, 'always', 1)`,
      id,
      secret,
    );
    database.run("INSERT INTO outbox (owner, server_id, origin, alert, created_at, next_at) VALUES (?, 's', 'o', '{}', 1, 1)", id);
    database.run("INSERT INTO nonce VALUES (?, 'client', 'bm9uY2U=')", `south/${id}`);
  }
  database.close();
  writeFileSync(join(directory, 'gateway.yaml'), JSON.stringify({ south: { port: 0 } }), { mode: 0o600 });
  return directory;
}

function copyOf(old: string, state: string): string {
  rmSync(state, { recursive: true, force: true });
  // Made here: Node 24 copies a folder without its mode.
  mkdirSync(state, { mode: 0o700 });
  cpSync(old, state, { recursive: true });
  return state;
}

function argsFor(state: string): string[] {
  return ['run', '--config', join(state, 'gateway.yaml'), '--state', state, '--json'];
}

/** Milliseconds until it listens. */
async function timeOfStart(state: string): Promise<number> {
  const begin = performance.now();
  const isReady = ({ msg }: Readonly<Record<string, unknown>>) => msg === 'listening';
  const { program } = await ChildProgram.start({ name: 'gateway', args: argsFor(state), isReady, entry, patience: 120_000 });
  const took = performance.now() - begin;
  await program.kill();
  return took;
}

async function startAndKill(state: string, moment: Promise<unknown>): Promise<void> {
  const starting = spawn(process.execPath, [...entry, ...argsFor(state)], { stdio: 'ignore' });
  const ended = once(starting, 'exit');
  await moment;
  starting.kill('SIGKILL');
  await ended;
}

function copyIn(state: string): string {
  return join(state, `gateway.db.before-${gatewayMigrations.length}.bak`);
}

/** A migration begins with a copy of the database, made once. */
async function copyMade(state: string): Promise<void> {
  for await (const _ of watch(state)) if (existsSync(copyIn(state))) return;
}

/** What a kill has left. @returns the version */
function lookAt(state: string): number {
  const database = new SqliteDatabase(join(state, 'gateway.db'), { readonly: true });
  try {
    expect(database.pragma('quick_check', { simple: true })).toBe('ok');
    for (const table of ['device', 'outbox', 'nonce']) {
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(devices.length);
    }
    return Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
}

function expectNewest(state: string): void {
  const sealer = loadSealer({ directory: state, env: {} });
  const store = openGatewayStore({ directory: state, sealer, clock: systemClock });
  try {
    expect([...store.inventory.ids()].toSorted()).toEqual(devices);
    expect(store.nonces.get(`south/${devices[0]}`, 'client')).toBe('bm9uY2U=');
  } finally {
    store.close();
  }
  expect(lookAt(state)).toBe(gatewayMigrations.length);
}
