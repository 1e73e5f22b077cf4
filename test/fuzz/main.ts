import { randomInt } from 'node:crypto';
import { misused, readOptions, wholeNumber } from '../script-options.js';
import { foundFolder, keep, readKept } from './kept-inputs.js';
import { leastForHeap, type Outcome } from './run-target.js';
import type { FuzzTarget } from './target.js';
import { targetNamed, targets } from './targets.js';
import { watchedRun } from './watched-run.js';

/**
 * `npm run fuzz -- [--inputs N | --seconds S] [--seed S] [--only TARGET]… [--found FOLDER]`: leaves with 1 when an input did what no input may, and with 2 when it was asked for what there is not.
 * With `--seconds` the processor's time is shared as the inputs are otherwise, and each target has at least as many as show whether the heap grows.
 */
const script = 'fuzz';
const { values } = readOptions(script, {
  inputs: { type: 'string', default: '10000000' },
  seconds: { type: 'string' },
  seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  only: { type: 'string', multiple: true, default: [] },
  found: { type: 'string', default: foundFolder },
});
const inputs = wholeNumber(script, 'inputs', values.inputs);
const seconds = values.seconds === undefined ? undefined : wholeNumber(script, 'seconds', values.seconds);
const seed = wholeNumber(script, 'seed', values.seed);
const chosen = values.only.length === 0 ? targets : values.only.map(chosenTarget);

process.stdout.write(`seed ${seed}\n`);
for (const target of chosen) {
  const start = performance.now();
  const outcome = await watchedRun(target, { seed, ...amountFor(target), kept: readKept(values.found, target.name) });
  report(target, performance.now() - start, outcome);
  if (outcome.findings.length > 0) process.exitCode = 1;
}

function amountFor(target: FuzzTarget): { inputs: number; time: number } {
  if (seconds !== undefined) return { inputs: target.leastForHeap ?? leastForHeap, time: seconds * 1_000 * target.share };
  return { inputs: chosen.length === 1 ? inputs : Math.ceil(inputs * target.share), time: 0 };
}

function report({ name }: FuzzTarget, took: number, { inputs: count, findings, heap }: Outcome): void {
  const memory = heap === undefined ? '' : `, heap ${mebibytes(heap.early)} → ${mebibytes(heap.late)} MiB`;
  const verdict = findings.length === 0 ? 'ok    ' : 'FAILED';
  process.stdout.write(`${verdict}  ${name}: ${count} inputs in ${(took / 1000).toFixed(1)} s${memory}\n`);
  for (const finding of findings) {
    const file = keep(values.found, name, seed, finding);
    process.stdout.write(`  ${finding.what.replaceAll('\n', '\n  ')}\n  input ${finding.index ?? '(kept)'}: ${file}\n`);
    if (finding.index !== undefined)
      process.stdout.write(`  once more: npm run fuzz -- --only ${name} --seed ${seed} --inputs ${finding.index + 1}\n`);
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function chosenTarget(name: string): FuzzTarget {
  const names = targets.map((one) => one.name);
  return names.includes(name) ? targetNamed(name) : misused(script, `there is no target ${name}; there are ${names.join(', ')}`);
}
