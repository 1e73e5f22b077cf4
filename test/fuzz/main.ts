import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { foundFolder, keep, readKept } from './kept-inputs.js';
import type { Outcome } from './run-target.js';
import type { FuzzTarget } from './target.js';
import { targetNamed, targets } from './targets.js';
import { watchedRun } from './watched-run.js';

/** `npm run fuzz -- [--inputs N] [--seed S] [--only TARGET] [--found FOLDER]`: leaves with 1 when an input did what no input may. */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string' },
    found: { type: 'string', default: foundFolder },
  },
});
const inputs = wholeNumber('inputs', values.inputs);
const seed = wholeNumber('seed', values.seed);

process.stdout.write(`seed ${seed}\n`);
for (const target of values.only === undefined ? targets : [targetNamed(values.only)]) {
  const count = values.only === undefined ? Math.ceil(inputs * target.share) : inputs;
  const start = performance.now();
  const outcome = await watchedRun(target, { seed, inputs: count, kept: readKept(values.found, target.name) });
  report(target, count, performance.now() - start, outcome);
  if (outcome.findings.length > 0) process.exitCode = 1;
}

function report({ name }: FuzzTarget, count: number, took: number, { findings, heap }: Outcome): void {
  const memory = heap === undefined ? '' : `, heap ${mebibytes(heap.early)} → ${mebibytes(heap.late)} MiB`;
  const verdict = findings.length === 0 ? 'ok    ' : 'FAILED';
  process.stdout.write(`${verdict}  ${name}: ${count} inputs in ${(took / 1000).toFixed(1)} s${memory}\n`);
  for (const finding of findings) {
    const file = keep(values.found, name, seed, finding);
    process.stdout.write(`  ${finding.what.replaceAll('\n', '\n  ')}\n  input ${finding.index ?? '(kept)'}: ${file}\n`);
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} is a whole number, not ${text}`);
}
