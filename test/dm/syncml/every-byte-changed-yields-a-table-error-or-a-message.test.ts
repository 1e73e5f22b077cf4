import { beforeAll, expect, test } from 'vitest';
import { fixtureNames, fixtureWbxml } from './fixtures.js';
import { codeOf, decodeWbxml, encodeWbxml } from './sample.js';

const largest = 1024;
const small = fixtureNames.filter((name) => fixtureWbxml(name).length <= largest);
/** So many letters in a row are a text. */
const leastText = 8;
const allOthers = Array.from({ length: 255 }, (_, before) => before + 1);
/** In the midst of a text it only matters what ends it, what is no letter, and what is no UTF-8. */
const ofText = [0, 1, 0x09, 0x3c, 0x7f, 0x80, 0xc3, 0xe2, 0xf0, 0xff];

/** Of a quarter of a million errors only the code is looked at. */
beforeAll(() => {
  Error.stackTraceLimit = 0;
});

test.each(small)('%s: each byte of it as each other byte', { timeout: 120_000 }, (name) => {
  const bytes = fixtureWbxml(name);
  const within = textsIn(bytes);
  const codes = new Set<string>();
  for (let at = 0; at < bytes.length; at++) {
    const original = bytes[at] as number;
    for (const other of within.has(at) ? ofText : allOthers.map((change) => original ^ change)) {
      bytes[at] = other;
      codes.add(codeOf(() => encodeWbxml(decodeWbxml(bytes))));
    }
    bytes[at] = original;
  }
  for (const code of codes) expect(code).toMatch(/^(none|syncml\..+)$/);
});

test('there are fixtures of that size', () => {
  expect(small.length).toBeGreaterThan(10);
});

/** Where texts are, without their ends. */
function textsIn(bytes: Uint8Array): Set<number> {
  const runs = Buffer.from(bytes)
    .toString('latin1')
    .matchAll(new RegExp(`[ -~]{${leastText},}`, 'g'));
  return new Set([...runs].flatMap(({ index, 0: { length } }) => Array.from({ length: length - 2 }, (_, at) => index + 1 + at)));
}
