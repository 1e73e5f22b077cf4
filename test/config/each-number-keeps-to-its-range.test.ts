import { expect, describe as group, test } from 'vitest';
import { Document } from 'yaml';
import { describe, gatewayKeys, type KeyDescription, loadGatewayConfig } from '#src/config/index.js';
import { problemsOf } from './written-file.js';

const units: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** Those that stand in no list, whose entries need more. */
const numbers = describe(gatewayKeys()).filter(
  ({ key, type }) => !key.includes('[]') && ['whole number', 'duration', 'size'].includes(type),
);

const defaults = loadGatewayConfig(undefined, {});
/** What is wrong with a file that has all of them there: all mistakes are told at once. */
const problems = {
  below: problemsIn(({ least }) => least - 1),
  least: problemsIn(({ least }) => least),
  most: problemsIn(({ most }) => most),
  above: problemsIn(({ most, step }) => most + step),
};

test('there are as many as the page of limits has', () => {
  expect(numbers.length).toBeGreaterThan(60);
});

group.each(numbers)('$key', (about) => {
  test('just below its least and just above its most it is refused by name, with what is allowed', () => {
    if (rangeOf(about).least > 0)
      expect(problems.below).toContainEqual(expect.objectContaining({ key: about.key, allowed: about.allowed }));
    expect(problems.above).toContainEqual(expect.objectContaining({ key: about.key, allowed: about.allowed }));
  });

  test('it may be its least and its most', () => {
    // What contradicts another key has a sentence of its own.
    const named = [...problems.least, ...problems.most].filter(({ key, allowed }) => key === about.key && allowed === about.allowed);
    expect(named).toEqual([]);
  });

  test('who says nothing of it gets what the page says', () => {
    const found = about.key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], defaults);
    // A section that is absent has no values.
    expect(found ?? numberIn(about.default)).toBe(numberIn(about.default));
  });
});

interface Range {
  readonly least: number;
  readonly most: number;
  /** The smallest change that can be written of any of its values. */
  readonly step: number;
}

function rangeOf({ allowed, type }: KeyDescription): Range {
  const [, least = '', most = ''] = /from (\w+) to (\w+)/.exec(allowed) ?? [];
  return { least: numberIn(least), most: numberIn(most), step: type === 'duration' ? 1000 : 1 };
}

/** Milliseconds, bytes, or how many. */
function numberIn(value: unknown): number {
  const [, digits, unit = ''] = /^(\d+)(\w*)$/.exec(String(value)) ?? [];
  return Number(digits) * (unit === '' ? 1 : (units[unit] ?? Number.NaN));
}

function problemsIn(value: (range: Range) => number): ReturnType<typeof problemsOf> {
  const file = new Document({});
  for (const about of numbers) file.setIn(about.key.split('.'), written(about, value(rangeOf(about))));
  return problemsOf(String(file));
}

function written({ type }: KeyDescription, value: number): string | number {
  if (type !== 'duration') return value;
  return value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`;
}
