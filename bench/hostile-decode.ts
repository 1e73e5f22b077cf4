import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HostileCost } from '../test/dm/syncml/hostile-input-probe.js';
import { hostileInputs } from '../test/dm/syncml/hostile-inputs.js';
import type { Benchmark } from './benchmark.js';

const run = promisify(execFile);
const probe = fileURLToPath(new URL('../test/dm/syncml/hostile-input-probe.ts', import.meta.url));
/** What the gateway imports first: it sets the flags that V8 then has. */
const flags = new URL('../dist/src/programs/postern/young-heap.js', import.meta.url).href;
const mebibyte = 2 ** 20;
let costs: Promise<readonly HostileCost[]> | undefined;

/** Processor time for each MiB of what somebody sends to cost it, all of it in one process as in a gateway. */
export const benchmarks: readonly Benchmark[] = hostileInputs.map(({ name }) => ({
  name: `limits.decode.${name}`,
  async run() {
    costs ??= measure();
    const { time = Number.NaN, bytes = Number.NaN } = (await costs).find((cost) => cost.name === name) ?? {};
    return { value: (time / bytes) * mebibyte, unit: 'ms/MiB', goal: 50, better: 'lower' };
  },
}));

async function measure(): Promise<readonly HostileCost[]> {
  const node = ['--import', flags, '--conditions=postern-source', '--import', 'tsx'];
  const { stdout } = await run(process.execPath, [...node, probe, 'time']);
  return JSON.parse(stdout) as readonly HostileCost[];
}
