import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const docs = new URL('../../docs/', import.meta.url);
const read = (page: string) => readFileSync(new URL(page, docs), 'utf8');
/** Log lines and errors, as they are generated from the sources. */
const said = `${read('reference/log.md')}${read('reference/errors.md')}`;

it('each sentence in it is a line of the log or an error', () => {
  const [head = ''] = read('operate/when-something-is-wrong.md').split('## A server that is away');
  const firstCells = [...head.matchAll(/^\| (.+?) \|/gm)].map(([, cell = '']) => cell);
  const byThePrograms = firstCells.filter((cell) => !cell.startsWith('`postern '));
  const quoted = byThePrograms.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  const sentences = quoted.filter((text) => text.split(' ').length > 2 && !/^(?:postern|why:) /.test(text));
  expect(sentences.length).toBeGreaterThan(12);
  expect(sentences.filter((text) => !said.includes(beginning(text)))).toEqual([]);
});

/** Up to where the page leaves something out. */
function beginning(sentence: string): string {
  return sentence.replace(/ ?….*$/, '');
}
