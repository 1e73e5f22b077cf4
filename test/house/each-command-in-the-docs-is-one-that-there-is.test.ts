import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '#src/cli/index.js';
import { idlePorts } from '../cli/run-verb.js';
import { codeIn, pages } from './pages.js';

const program = buildProgram(idlePorts, () => {});
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: object };

it('of the program, with its options', () => {
  const found = pages().flatMap(({ file, code }) => code.flatMap(postern).map((words) => ({ file, words })));
  expect(found.length).toBeGreaterThan(40);
  const wrong = found.flatMap(({ file, words }) => mistakesIn(words).map((mistake) => `${file}: postern ${words.join(' ')}: ${mistake}`));
  expect(wrong).toEqual([]);
});

it('and of npm, of which the docs leave none out', () => {
  const named = pages().flatMap(({ file, code }) => code.flatMap(scriptsIn).map((script) => ({ file, script })));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
  expect(Object.keys(scripts).filter((one) => !named.some(({ script }) => script === one))).toEqual([]);
});

it.each([
  ['devices lst', 'there is no lst'],
  ['device --bootstrp x', 'there is no --bootstrp'],
  ['server clients add --reach', undefined],
  ['--socket x status --json', undefined],
  ['devices add --json --no-credentials', undefined],
])('sees what is wrong: %s', (line, mistake) => {
  expect(mistakesIn(line.split(' '))).toEqual(mistake === undefined ? [] : [mistake]);
});

it('reads code in the line and in blocks', () => {
  expect(codeIn('a `postern\nstatus` b\n```sh\nnpx postern run \\\n  --json\n```\n').flatMap(postern)).toEqual([
    ['run', '--json'],
    ['status'],
  ]);
});

/** The words behind `postern` where that is the command. */
function postern(code: string): string[][] {
  const line = /^(?:\$ |npx |exec |sudo -u \S+ )*postern (.+)$/.exec(code)?.[1];
  return line === undefined ? [] : [line.split(' ').filter((word) => word !== '')];
}

function scriptsIn(code: string): string[] {
  return [...code.matchAll(/\bnpm (?:-s )?(?:run )?(\S+)/g)].flatMap(([whole, script = '']) =>
    whole.includes(' run ') || script === 'start' || script === 'test' ? [script] : [],
  );
}

function mistakesIn(words: readonly string[]): string[] {
  const path: Command[] = [program];
  for (const word of words) {
    const last = path.at(-1) ?? program;
    if (word.startsWith('--')) {
      const known = path.some(({ options }) => options.some(({ long }) => long === word)) || word === '--help';
      if (!known) return [`there is no ${word}`];
    } else {
      const inner = last.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (inner !== undefined) path.push(inner);
      else if (/^[a-z]/.test(word) && awaitsCommand(last) && !isValue(words, word)) return [`there is no ${word}`];
    }
  }
  return [];
}

function awaitsCommand(command: Command): boolean {
  return command.commands.length > 0;
}

function isValue(words: readonly string[], word: string): boolean {
  return words[words.indexOf(word) - 1]?.startsWith('--') === true;
}
