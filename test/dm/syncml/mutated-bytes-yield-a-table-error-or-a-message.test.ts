import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixtureNames, fixtureXml } from './fixtures.js';
import { codeOf, decode, encode } from './sample.js';

const bits = [...'<>/&;!?[]"\'=: \0\r\n', ']]>', '<![CDATA[', '<!--', '-->', '&#', '</', 'xmlns="', '\ufeff'].map((text) =>
  Buffer.from(text),
);
const mutation = fc.record({
  at: fc.nat(),
  cut: fc.nat({ max: 12 }),
  put: fc.oneof(fc.constantFrom(...bits), fc.uint8Array({ maxLength: 4 })),
});
const mutated = fc.tuple(fc.constantFrom(...fixtureNames), fc.array(mutation, { minLength: 1, maxLength: 4 })).map(([name, mutations]) => {
  return mutations.reduce<Buffer>((bytes, { at, cut, put }) => {
    const place = at % bytes.length;
    return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + cut)]);
  }, fixtureXml(name));
});

test('4000 mutated fixtures', () => {
  fc.assert(
    fc.property(mutated, (bytes) => {
      expect(codeOf(() => decode(bytes))).toMatch(/^(none|syncml\..+)$/);
      if (codeOf(() => decode(bytes)) === 'none') expect(decode(encode(decode(bytes)))).toEqual(decode(bytes));
    }),
    { numRuns: 4000, seed: 20_261_121 },
  );
});
