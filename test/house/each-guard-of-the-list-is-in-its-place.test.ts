import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { guards } from './guard-list.js';

/** Whether its test fails without it takes minutes for all of them: `npm run guards`. */
it.each(guards)('the guard against $against stands once, and its test is there', ({ file, text, without, proof }) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(source.split(text)).toHaveLength(2);
  expect(without).not.toContain(text);
  expect(existsSync(new URL(`../${proof}`, import.meta.url))).toBe(true);
});
