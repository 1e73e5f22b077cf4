import { expect, test } from 'vitest';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { matchesIn } from './grammar.js';
import { keep, readKept } from './kept-inputs.js';
import { runTarget } from './run-target.js';
import { type FuzzTarget, inputsOf } from './target.js';

const run = { seed: 7, inputs: 2_000, kept: [], onInput: () => undefined };

test('a reader that fails once in a while is told with the input that does it', async () => {
  const target = reader((input) => {
    if (input.includes('<b><b>')) throw new TypeError('planted');
  });
  const { findings } = await runTarget(target, run);
  expect(findings.length).toBeGreaterThan(0);
  for (const { what, input, index = -1 } of findings) {
    expect(what).toContain('planted');
    expect(inputsOf(target, run.seed)(index)).toEqual(input);
  }
});

test('an input that is slow each time is told, one that was slow once is not', async () => {
  let rounds = 0;
  const slow = (input: Buffer) => (input.includes('<c/>') ? spin(8) : undefined);
  const once = () => {
    rounds += 1;
    if (rounds % 50 === 0) spin(8);
  };
  expect((await runTarget(reader(slow), { ...run, inputs: 12 })).findings[0]?.what).toContain('slow');
  expect((await runTarget(reader(once), { ...run, inputs: 100 })).findings).toEqual([]);
});

test('an input that is kept in a file is tried before all others', async () => {
  const folder = temporaryDirectory();
  keep(folder, 'planted', run.seed, { what: 'it did harm', input: Buffer.from('harm'), index: 3 });
  const target = reader((input) => {
    if (input.toString() === 'harm') throw new Error('again');
  });
  const { findings } = await runTarget(target, { ...run, inputs: 0, kept: readKept(folder, 'planted') });
  expect(findings.map(({ what, input }) => [what.split('\n')[0], Buffer.from(input).toString()])).toEqual([['Error: again', 'harm']]);
});

function reader(check: FuzzTarget['check']): FuzzTarget {
  return {
    name: 'planted',
    share: 1,
    grammar: {
      seeds: [Buffer.from('<a><b>text</b><c/></a>')],
      pieces: [Buffer.from('&lt;')],
      spansOf: (seed) => matchesIn(seed, /<[^>]*>/g),
    },
    check,
  };
}

function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
