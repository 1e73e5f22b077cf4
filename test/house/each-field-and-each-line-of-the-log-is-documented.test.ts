import { expect, test } from 'vitest';
import { logFieldTable } from '#src/base/index.js';
import { logCalls } from './log-calls.js';

// That no call has a field that the table lacks, the compiler sees to; that the page is made of both, `npm run check` (docs drift).

const calls = logCalls();
/** What `LimitedLog` adds to lines that it has left out. */
const ofSummaries = ['reason', 'source', 'suppressed'];

test('each field of the table stands in a line', () => {
  const used = new Set([...calls.flatMap(({ fields }) => fields), ...ofSummaries]);
  expect(Object.keys(logFieldTable).filter((field) => !used.has(field))).toEqual([]);
});

test('each line has a sentence that the page can show', () => {
  expect(calls.length).toBeGreaterThan(80);
  expect(calls.filter(({ sentences }) => sentences.length === 0).map(({ place }) => place)).toEqual([]);
});

test('each field of a line is one of the table, as far as the sources show', () => {
  const known = new Set(Object.keys(logFieldTable));
  expect(calls.flatMap(({ fields, place }) => fields.filter((field) => !known.has(field)).map((field) => `${place}: ${field}`))).toEqual(
    [],
  );
});

test('each sentence begins small, but for a name', () => {
  const sentences = calls.flatMap((call) => call.sentences);
  expect(sentences.filter((sentence) => /^[A-Z][a-z ]/.test(sentence))).toEqual([]);
});
