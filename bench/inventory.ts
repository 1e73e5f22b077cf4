import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '#src/base/index.js';
import { Correlation } from '#src/gateway/alerts/correlation.js';
import { createSealer } from '#src/security/index.js';
import { type OpenGatewayStore, openGatewayStore } from '#src/store/index.js';
import { openSqliteFile } from '#src/store/sqlite/sqlite-file.js';
import { type Benchmark, median } from './benchmark.js';
import { sampleAccount, sampleDevice, sampleFacts, sampleId } from './sample-devices.js';

/** Devices whose writes share a turn, and so a commit. */
const group = 32;
const rounds = 11;

/** A device that comes for the first time: what it says is kept, it is attached, and a server is to hear of it. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'inventory.attach',
    async run() {
      const pairs = [];
      for (let round = 0; round < rounds; round++) pairs.push(await inTurns(1_000, round % 2 === 0));
      return {
        value: median(pairs.map(({ ours }) => ours)),
        unit: 'devices/s',
        against: median(pairs.map(({ bare }) => bare)),
        ratio: median(pairs.map(({ ours, bare }) => ours / bare)),
        goal: 0.5,
      };
    },
  },
  {
    // The ratio is of processor time, first tenth to last: each device costs the same however many are there.
    name: 'inventory.attach.100k',
    run: () =>
      inDirectory(async (directory) => {
        const devices = 100_000;
        const tenth = devices / 10;
        const store = await declared(directory, devices);
        const costs: number[] = [];
        const start = performance.now();
        for (let from = 0; from < devices; from += tenth) {
          const before = process.cpuUsage();
          await attach(store, from, from + tenth);
          const { user, system } = process.cpuUsage(before);
          costs.push(user + system);
        }
        const seconds = (performance.now() - start) / 1000;
        store.close();
        const ratio = (costs[0] ?? Number.NaN) / (costs.at(-1) ?? Number.NaN);
        return { value: devices / seconds, unit: 'devices/s', ratio, goal: 0.5 };
      }),
  },
];

/** Devices per second, ours and with bare better-sqlite3, which writes what we have written into a file that was the same before. */
async function inTurns(devices: number, oursFirst: boolean): Promise<{ ours: number; bare: number }> {
  return inDirectory(async (directory) => {
    const [mine, theirs, kept] = [path.join(directory, 'ours'), path.join(directory, 'bare'), path.join(directory, 'kept')];
    const rate = (time: number) => (devices / time) * 1000;
    await (await declared(theirs, devices)).close();
    // What is to be written is known only from a run of ours: one that is not measured.
    const rehearsed = await declared(kept, devices);
    await attach(rehearsed, 0, devices);
    rehearsed.close();
    const store = await declared(mine, devices);
    const before = oursFirst ? await attach(store, 0, devices) : undefined;
    const bare = writeBare(kept, theirs);
    const ours = before ?? (await attach(store, 0, devices));
    store.close();
    return { ours: rate(ours), bare: rate(bare) };
  });
}

async function declared(directory: string, devices: number): Promise<OpenGatewayStore> {
  const store = openGatewayStore({
    directory: await madePrivate(directory),
    sealer: createSealer(Buffer.alloc(32, 1)),
    clock: systemClock,
    limits: { outboxRows: devices + 1 },
  });
  store.accounts.declare(sampleAccount);
  for (let at = 0; at < devices; at++) {
    store.inventory.declare({ ...sampleDevice, id: sampleId(at) });
    if (at % 1_000 === 999) await store.committed();
  }
  await store.committed();
  return store;
}

/** Milliseconds. */
async function attach(store: OpenGatewayStore, from: number, to: number): Promise<number> {
  const correlation = new Correlation({ store, clock: systemClock, log: silentLog }, () => {});
  const start = performance.now();
  for (let at = from; at < to; at++) {
    const id = sampleId(at);
    store.inventory.recordContact(id, sampleFacts, systemClock.now());
    store.inventory.attach(id);
    correlation.attached(id);
    if (at % group === group - 1) await store.committed();
  }
  await store.committed();
  return performance.now() - start;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Milliseconds. @param model the database whose rows are to be written @param directory the one that gets them */
function writeBare(model: string, directory: string): number {
  const rows = rowsOf(model);
  const sqlite = openSqliteFile(path.join(directory, 'gateway.db'));
  const columns = Object.keys(rows.device[0] ?? {}).filter((column) => column !== 'id' && changes.has(column));
  const update = sqlite.prepare(`UPDATE device SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`);
  const mark = sqlite.prepare(insertSql('association_mark', rows.mark[0] ?? {}));
  const report = sqlite.prepare(insertSql('outbox', rows.outbox[0] ?? {}));
  const values = rows.device.map((row, at) => ({
    device: [...columns.map((column) => row[column]), row['id']],
    mark: Object.values(rows.mark[at] ?? {}),
    outbox: Object.values(rows.outbox[at] ?? {}),
  }));
  const begin = sqlite.prepare('BEGIN IMMEDIATE');
  const commit = sqlite.prepare('COMMIT');
  const start = performance.now();
  for (let at = 0; at < values.length; at += group) {
    begin.run();
    for (const { device, mark: epoch, outbox } of values.slice(at, at + group)) {
      update.run(...device);
      mark.run(...epoch);
      report.run(...outbox);
    }
    commit.run();
  }
  const took = performance.now() - start;
  sqlite.close();
  return took;
}

/** What is written of a device that comes. */
const changes = new Set([
  'address',
  'manufacturer',
  'model',
  'firmware',
  'dm_version',
  'language',
  'first_seen',
  'last_contact',
  'association_epoch',
  'presence',
]);

function rowsOf(directory: string): { device: Row[]; mark: Row[]; outbox: Row[] } {
  const sqlite = openSqliteFile(path.join(directory, 'gateway.db'));
  const all = (table: string, key: string) => sqlite.prepare(`SELECT * FROM ${table} ORDER BY ${key}`).all() as Row[];
  const rows = { device: all('device', 'id'), mark: all('association_mark', 'device'), outbox: all('outbox', 'id') };
  sqlite.close();
  if (rows.mark.length !== rows.device.length || rows.outbox.length !== rows.device.length)
    throw new Error('not every device was attached');
  return rows;
}

function insertSql(table: string, row: Row): string {
  const columns = Object.keys(row);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'postern-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function madePrivate(directory: string): Promise<string> {
  await mkdir(directory, { mode: 0o700, recursive: true });
  return directory;
}
