import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fixtureNames, fixtureOrigins } from './fixtures.js';

const origins: Record<string, { origin?: string; licence?: string }> = parse(fixtureOrigins());

test.each(fixtureNames)('%s', (name) => {
  expect(origins[name]).toEqual({ origin: expect.stringMatching(/\w/), licence: expect.stringMatching(/\w/) });
});

test('no origin is left over from a fixture that is gone', () => {
  expect(Object.keys(origins).sort()).toEqual([...fixtureNames].sort());
});
