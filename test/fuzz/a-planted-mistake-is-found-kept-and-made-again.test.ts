import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { matchesIn } from './grammar.js';
import { keep, readKept } from './kept-inputs.js';
import { runTarget } from './run-target.js';
import { type FuzzTarget, inputsOf } from './target.js';

const run = { seed: 7, inputs: 2_000, time: 0, kept: [], onInput: () => undefined };

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
  const slow = (input: Buffer) => (input.includes('<c/>') ? spin(6) : undefined);
  const once = () => {
    rounds += 1;
    if (rounds % 50 === 0) spin(8);
  };
  expect((await runTarget(reader(slow), { ...run, inputs: 4 })).findings[0]?.what).toContain('slow');
  expect((await runTarget(reader(once), { ...run, inputs: 100 })).findings).toEqual([]);
});

test('a reader that keeps something of each input is told, one that only compiles is not', async () => {
  collectGarbageOnDemand();
  const kept: Buffer[] = [];
  const leaks = reader((input) => void kept.push(Buffer.from(input.subarray(0, 80))));
  const { findings, heap } = await runTarget({ ...leaks, leastForHeap: 30_000 }, { ...run, inputs: 30_000 });
  expect(findings.map(({ what }) => what)).toEqual([`the heap grew from ${heap?.early} to ${heap?.late} bytes`]);
  kept.length = 0;
  expect(await runTarget({ ...reader(() => undefined), leastForHeap: 30_000 }, { ...run, inputs: 30_000 })).toMatchObject({
    findings: [],
    heap: { early: expect.any(Number) },
  });
});

test('with time to spend there are more inputs than those asked for', async () => {
  const { inputs, findings } = await runTarget(
    reader(() => undefined),
    { ...run, inputs: 10, time: 50 },
  );
  expect(findings).toEqual([]);
  expect(inputs).toBeGreaterThan(10);
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

/** As a run with --expose-gc can. */
function collectGarbageOnDemand(): void {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
  onTestFinished(() => {
    globalThis.gc = undefined;
  });
}

function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
