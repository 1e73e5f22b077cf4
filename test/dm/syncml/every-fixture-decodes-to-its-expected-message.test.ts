import { expect, test } from 'vitest';
import { fixtureMessage, fixtureNames, fixtureWbxml, fixtureXml } from './fixtures.js';
import { decode, decodeWbxml, encode, encodeWbxml, inWbxml } from './sample.js';

test.each(fixtureNames)('%s', (name) => {
  expect(decode(fixtureXml(name))).toEqual(fixtureMessage(name));
});

test.each(fixtureNames)('%s comes back from our own encoding', (name) => {
  expect(decode(encode(fixtureMessage(name)))).toEqual(fixtureMessage(name));
});

test.each(fixtureNames)('%s in WBXML', (name) => {
  expect(inWbxml(decodeWbxml(fixtureWbxml(name)))).toEqual(inWbxml(fixtureMessage(name)));
});

test.each(fixtureNames)('%s comes back from our own WBXML', (name) => {
  expect(inWbxml(decodeWbxml(encodeWbxml(fixtureMessage(name))))).toEqual(inWbxml(fixtureMessage(name)));
});
