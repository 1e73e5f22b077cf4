import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readManifest } from '../test/house/lockfile.js';
import { makeBundle } from '../test/house/make-bundle.js';
import { type Benchmark, type Measurement, median } from './benchmark.js';
import { fillState } from './filled-state.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';
import { installedSize, sizeOf } from './installed-size.js';
import { residentMemory } from './process-cost.js';

const rounds = 5;
const settling = 3_000;
const memoryRounds = 3;
const mebibyte = 1 << 20;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What the gateway costs a router: time to start, memory at rest. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'footprint.start',
    run: async () => ({ value: median(await withState(startTimes)), unit: 's', goal: 1, better: 'lower' }),
  },
  {
    // 25 000 devices, each with its account and a nonce on both legs.
    name: 'footprint.start.100k',
    run: async () => ({ value: await startWith(25_000), unit: 's', goal: 3, better: 'lower' }),
  },
  {
    name: 'footprint.rss.idle',
    run: async () => ({ value: await withState((state) => idleMemory(state)), unit: 'MiB', goal: 90, better: 'lower' }),
  },
  { name: 'footprint.start.bundled', run: async () => (await bundled()).start },
  { name: 'footprint.rss.idle.bundled', run: async () => (await bundled()).idle },
  { name: 'footprint.disk', run: async () => ({ value: await diskUnbundled(), unit: 'MiB' }) },
  { name: 'footprint.disk.bundled', run: async () => ({ ...(await bundled()).disk, against: await diskUnbundled() }) },
  { name: 'footprint.rss.1k', run: () => memoryFor(1_000, 10) },
  { name: 'footprint.rss.10k', run: () => memoryFor(10_000, 60) },
];

/** Of a few starts, in seconds. */
async function startTimes(state: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await startTime(state));
  return times;
}

function startWith(devices: number): Promise<number> {
  return withState(async (state) => {
    await fillState(state, devices);
    return median(await startTimes(state));
  });
}

/** Seconds from process start to listening, on state that an earlier run made. @param program a built one; `dist` unless given */
function startTime(state: string, program?: string): Promise<number> {
  return runOnce(state, async ({ startedIn }) => startedIn / 1000, program);
}

/** MiB. @param program a built one; `dist` unless given */
function idleMemory(state: string, program?: string): Promise<number> {
  const look = async ({ pid }: GatewayProcess) => {
    await delay(settling);
    return residentMemory(pid) / 1024;
  };
  return runOnce(state, look, program);
}

interface Bundled {
  readonly start: Measurement;
  readonly idle: Measurement;
  readonly disk: Measurement;
}

let measured: Promise<Bundled> | undefined;

/** The bundle against what it was made of, in turns. */
function bundled(): Promise<Bundled> {
  measured ??= withBundle((program, disk) =>
    withState(async (state) => {
      const starts: { ours: number; theirs: number }[] = [];
      const memories: { ours: number; theirs: number }[] = [];
      for (let round = 0; round < rounds; round++) starts.push({ ours: await startTime(state, program), theirs: await startTime(state) });
      for (let round = 0; round < memoryRounds; round++)
        memories.push({ ours: await idleMemory(state, program), theirs: await idleMemory(state) });
      return {
        start: { ...against(starts), unit: 's', better: 'lower' },
        idle: { ...against(memories), unit: 'MiB', better: 'lower' },
        disk: { value: disk, unit: 'MiB', better: 'lower' },
      };
    }),
  );
  return measured;
}

function against(pairs: readonly { ours: number; theirs: number }[]) {
  return { value: median(pairs.map(({ ours }) => ours)), against: median(pairs.map(({ theirs }) => theirs)) };
}

/** @param work gets the bundle's program, and its size with the packages that it still needs, in MiB */
async function withBundle<T>(work: (program: string, disk: number) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'postern-bundle-'));
  try {
    const needed = await makeBundle(folder);
    const disk = (sizeOf(folder) + installedSize(needed, root)) / mebibyte;
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    return await work(path.join(folder, 'programs/postern/main.js'), disk);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** MiB of the build and of the packages that it needs, as they are installed. */
async function diskUnbundled(): Promise<number> {
  const { dependencies } = await readManifest();
  return (sizeOf(path.join(root, 'dist/src')) + installedSize(Object.keys(dependencies), root)) / mebibyte;
}

/** What so many devices add to a gateway at rest, each attached and with an account; `goal` in MiB. */
async function memoryFor(devices: number, goal: number): Promise<Measurement> {
  const above = await withState((empty) =>
    withState(async (full) => {
      await fillState(full, devices);
      const differences: number[] = [];
      for (let round = 0; round < memoryRounds; round++) differences.push((await idleMemory(full)) - (await idleMemory(empty)));
      return median(differences);
    }),
  );
  return { value: above, unit: 'MiB', goal, better: 'lower' };
}

async function runOnce<T>(state: string, look: (gateway: GatewayProcess) => Promise<T>, program?: string): Promise<T> {
  const gateway = await startGateway(state, program === undefined ? {} : { program });
  try {
    return await look(gateway);
  } finally {
    await gateway.stop();
  }
}

async function withState<T>(measure: (state: string) => Promise<T>): Promise<T> {
  const state = await mkdtemp(path.join(tmpdir(), 'postern-bench-'));
  try {
    await runOnce(state, async () => undefined);
    return await measure(state);
  } finally {
    await rm(state, { recursive: true });
  }
}
