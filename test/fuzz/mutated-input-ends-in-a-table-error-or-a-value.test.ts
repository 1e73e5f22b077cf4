import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { foundFolder, readKept } from './kept-inputs.js';
import { runTarget } from './run-target.js';
import { targets } from './targets.js';

const flags = ['--expose-gc', '--conditions=postern-source', '--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url))];
/** Of the processor, for all targets; those that its shares leave with little have as many inputs as show whether the heap grows. */
const seconds = 15;
/** Another one each time; a run that failed has printed its own. */
const seed = process.env['POSTERN_FUZZ_SEED'] ?? String(randomInt(2 ** 31));

/** In turns they make two parts that take about as long. */
const bySize = targets.toSorted((one, other) => other.share - one.share).map(({ name }) => name);

// In two programs: a core would be idle else when these are the last tests of a run.
test.concurrent.each([0, 1])(
  'every reader of what strangers send takes its part of a bounded run (part %i)',
  async (part) => {
    const names = bySize.filter((_, at) => at % 2 === part);
    const said = await fuzz('--seconds', String(seconds), '--seed', seed, ...names.flatMap((name) => ['--only', name]));
    process.stdout.write(`POSTERN_FUZZ_SEED=${said}`);
    expect(said).not.toMatch(/FAILED|Error/);
    for (const name of names) expect(said).toMatch(new RegExp(`^ok {6}${name}: \\d+ inputs in [\\d.]+ s, heap `, 'm'));
  },
  300_000,
);

test('the shares of all make one', () => {
  expect(targets.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});

test.each(targets.map((target) => [target.name, target] as const))(
  'what did harm to others once does none here: %s',
  async (name, target) => {
    const kept = readKept(foundFolder, name);
    expect(kept.length).toBeGreaterThan(0);
    expect(await runTarget(target, { seed: 1, inputs: 0, time: 0, kept, onInput: () => undefined })).toMatchObject({ findings: [] });
  },
);

/** What it said, its first line without the word before the seed. */
async function fuzz(...args: readonly string[]): Promise<string> {
  const program = spawn(process.execPath, [...flags, ...args, '--found', temporaryDirectory()], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, problems] = await Promise.all([text(program.stdout), text(program.stderr), once(program, 'exit')]);
  return (out + problems).replace(/^seed /, '');
}
