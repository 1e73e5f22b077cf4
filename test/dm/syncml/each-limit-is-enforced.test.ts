import { expect, test } from 'vitest';
import { defaultDecodeLimits, readXml } from '#src/dm/syncml/index.js';
import { codeOf, decode, inData } from './sample.js';

const xml = inData('<a b="1" c="2">text</a>');

test.each<[keyof typeof defaultDecodeLimits, number, string]>([
  ['bytes', Buffer.byteLength(xml), 'syncml.too-large'],
  ['depth', 6, 'syncml.too-deep'],
  ['elements', 16, 'syncml.too-many-elements'],
  ['attributes', 2, 'syncml.too-many-attributes'],
  ['text', '<a b="1" c="2">text</a>'.length, 'syncml.text-too-long'],
])('%s may be %i and no more', (limit, enough, code) => {
  expect(codeOf(() => decode(xml, { [limit]: enough }))).toBe('none');
  expect(codeOf(() => decode(xml, { [limit]: enough - 1 }))).toBe(code);
});

test('a limit of 0 or of no number allows nothing', () => {
  for (const limit of ['bytes', 'depth', 'elements', 'attributes', 'text'] as const) {
    expect(
      codeOf(() => decode(xml, { [limit]: 0 })),
      limit,
    ).toMatch(/^syncml\.(too|text-too)/);
    expect(
      codeOf(() => decode(xml, { [limit]: Number.NaN })),
      limit,
    ).toMatch(/^syncml\.(too|text-too)/);
  }
});

test.each([
  ['plain text', 'xxxxx'],
  ['references', '&#120;'.repeat(5)],
  ['CDATA', '<![CDATA[xxxxx]]>'],
  ['text and CDATA together', 'xxx<![CDATA[xx]]>'],
  ['text around a comment', 'xxx<!-- -->xx'],
  ['text around a child', 'xxx<b/>xx'],
])('the limit of a text holds for %s after decoding', (_, text) => {
  const document = `<a>${text}</a>`;
  expect(codeOf(() => readXml(document, { ...defaultDecodeLimits, text: 5 }))).toBe('none');
  expect(codeOf(() => readXml(document, { ...defaultDecodeLimits, text: 4 }))).toBe('syncml.text-too-long');
});

test.each([
  ['plain text', 'xxxxxxx'],
  ['references', '&#120;'.repeat(7)],
  ['text and CDATA together', 'xxx<![CDATA[xxxx]]>'],
])('the limit of a text holds for %s in a message', (_, text) => {
  // No other text of the sample has more than six characters.
  expect(codeOf(() => decode(inData(text), { text: 7 }))).toBe('none');
  expect(codeOf(() => decode(inData(text), { text: 6 }))).toBe('syncml.text-too-long');
});

test('the bytes of any other XML are limited too', () => {
  expect(codeOf(() => readXml('<a>é</a>', { ...defaultDecodeLimits, bytes: 9 }))).toBe('none');
  expect(codeOf(() => readXml('<a>é</a>', { ...defaultDecodeLimits, bytes: 8 }))).toBe('syncml.too-large');
});
