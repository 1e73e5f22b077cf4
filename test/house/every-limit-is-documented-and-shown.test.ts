import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metLimits } from '#src/base/index.js';
import { describe, gatewayKeys } from '#src/config/index.js';
import { limitsTable, noLimits } from './limits-table.js';

const numbers = ['whole number', 'duration', 'size', 'always, never or duration'];
const keys = describe(gatewayKeys()).filter(({ type }) => numbers.includes(type));
const listed = limitsTable.map(({ of }) => of);

it('each number of the configuration is a limit of the table, or said to be none', () => {
  expect(keys.map(({ key }) => key).filter((key) => !listed.includes(key) && !noLimits.includes(key))).toEqual([]);
});

it('what the table takes for a key is one, and what is fixed is none', () => {
  const known = new Set(keys.map(({ key }) => key));
  expect(limitsTable.filter(({ of, fixed }) => known.has(of) === (fixed !== undefined))).toEqual([]);
  expect(noLimits.filter((key) => !known.has(key))).toEqual([]);
  expect(new Set([...listed, ...noLimits]).size).toBe(listed.length + noLimits.length);
});

it('what counts a limit that has no counter of its own has a row', () => {
  const named = limitsTable.flatMap(({ met }) => met ?? []);
  expect(named.toSorted()).toEqual(metLimits.toSorted());
});

it.each(limitsTable)('the test that shows $of is there', ({ proof }) => {
  expect(existsSync(new URL(`../${proof}`, import.meta.url))).toBe(true);
});
