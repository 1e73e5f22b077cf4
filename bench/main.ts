import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readOptions } from '../test/script-options.js';
import type { Benchmark } from './benchmark.js';
import { judge, type SkippedLine, tableOf, type Verdict } from './verdict.js';

/**
 * `npm run bench -- [--json] [name]`: runs the benchmarks whose name contains the word; leaves with 1 when a goal is missed. What this
 * machine cannot measure is skipped, and says why.
 */
const { values, positionals } = readOptions('bench', { json: { type: 'boolean', default: false } }, true);
const chosen = (await allBenchmarks()).filter(({ name }) => positionals.every((word) => name.includes(word)));
const verdicts: (Verdict | SkippedLine)[] = [];
for (const { name, run } of chosen) {
  const result = await run();
  const verdict = 'skipped' in result ? { name, ...result } : judge(name, result);
  verdicts.push(verdict);
  if (values.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
if (!values.json) process.stdout.write(`${tableOf(verdicts)}\n`);
if (verdicts.length === 0) process.stderr.write(`no benchmark is called ${positionals.join(' ')}\n`);
process.exitCode = verdicts.length > 0 && verdicts.every((line) => 'skipped' in line || line.ok) ? 0 : 1;

async function allBenchmarks(): Promise<Benchmark[]> {
  const files = await readdir(fileURLToPath(new URL('.', import.meta.url)));
  const modules = files.filter((file) => file.endsWith('.ts') && file !== 'main.ts').sort();
  return (await Promise.all(modules.map(benchmarksIn))).flat();
}

async function benchmarksIn(file: string): Promise<readonly Benchmark[]> {
  const module: { benchmarks?: readonly Benchmark[] } = await import(new URL(file, import.meta.url).href);
  return module.benchmarks ?? [];
}
