import { expect, test } from 'vitest';
import { fixtureMessage, fixtureNames, fixtureXml } from './fixtures.js';
import { decode, encode } from './sample.js';

test.each(fixtureNames)('%s', (name) => {
  expect(decode(fixtureXml(name))).toEqual(fixtureMessage(name));
});

test.each(fixtureNames)('%s comes back from our own encoding', (name) => {
  expect(decode(encode(fixtureMessage(name)))).toEqual(fixtureMessage(name));
});
