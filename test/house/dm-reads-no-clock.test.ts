import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const dm = new URL('../../src/dm/', import.meta.url);

/** Making a date of a given time computes; these ask what time or which number it is. Timers and I/O the linter refuses there. */
const impure = /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*[(.\w]))|(?<!new )\bDate\(\s*\)|\bMath\.random\b/;

it('finds neither clock nor chance in src/dm', async () => {
  const files = (await readdir(dm, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(files.map(async (file) => (impure.test(await readFile(new URL(file, dm), 'utf8')) ? [file] : [])));
  expect(files.length).toBeGreaterThan(0);
  expect(found.flat()).toEqual([]);
});

it.each(['Date.now()', 'new Date()', 'new Date( )', 'new Date;', 'Date()', 'Math.random()'])('refuses %s', (text) => {
  expect(impure.test(text)).toBe(true);
});

it.each(['new Date(time)', 'Date.parse(text)', 'Date.UTC(2026, 0)', 'date: Date', 'DateFormat()'])('accepts %s', (text) => {
  expect(impure.test(text)).toBe(false);
});
