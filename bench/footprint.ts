import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Benchmark, type Measurement, median } from './benchmark.js';
import { fillState } from './filled-state.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';
import { residentMemory } from './process-cost.js';

const rounds = 5;
const settling = 3_000;
const memoryRounds = 3;

/** What the gateway costs a router: time to start, memory at rest. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'footprint.start',
    run: async () => ({ value: median(await withState(startTimes)) / 1000, unit: 's', goal: 1, better: 'lower' }),
  },
  {
    name: 'footprint.rss.idle',
    run: async () => ({ value: await withState(idleMemory), unit: 'MiB', goal: 90, better: 'lower' }),
  },
  { name: 'footprint.rss.1k', run: () => memoryFor(1_000, 10) },
  { name: 'footprint.rss.10k', run: () => memoryFor(10_000, 60) },
];

/** Milliseconds from process start to listening, on state that an earlier run made. */
async function startTimes(state: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await runOnce(state, async ({ startedIn }) => startedIn));
  return times;
}

/** MiB. */
function idleMemory(state: string): Promise<number> {
  return runOnce(state, async ({ pid }) => {
    await delay(settling);
    return residentMemory(pid) / 1024;
  });
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

async function runOnce<T>(state: string, look: (gateway: GatewayProcess) => Promise<T>): Promise<T> {
  const gateway = await startGateway(state);
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
