import { expect, test } from 'vitest';
import { fixtureNames, fixtureWbxml } from './fixtures.js';
import { codeOf, decodeWbxml, encodeWbxml } from './sample.js';

const largest = 1024;
const small = fixtureNames.filter((name) => fixtureWbxml(name).length <= largest);

test.each(small)('%s: each byte of it as each other byte', { timeout: 120_000 }, (name) => {
  const bytes = fixtureWbxml(name);
  const codes = new Set<string>();
  for (let at = 0; at < bytes.length; at++) {
    const original = bytes[at] as number;
    for (let change = 1; change < 0x100; change++) {
      bytes[at] = original ^ change;
      codes.add(codeOf(() => encodeWbxml(decodeWbxml(bytes))));
    }
    bytes[at] = original;
  }
  for (const code of codes) expect(code).toMatch(/^(none|syncml\..+)$/);
});

test('there are fixtures of that size', () => {
  expect(small.length).toBeGreaterThan(10);
});
