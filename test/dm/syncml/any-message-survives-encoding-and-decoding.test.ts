import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageArbitrary } from './message-arbitrary.js';
import { decode, decodeWbxml, encode, encodeWbxml, inWbxml } from './sample.js';

test('decode(encode(message)) equals the message, for whatever the element table allows', () => {
  fc.assert(
    fc.property(messageArbitrary, (message) => {
      expect(decode(encode(message))).toEqual(message);
    }),
    { numRuns: 300 },
  );
});

test('the same in WBXML, where trees lose nothing but white space, and other markup becomes text', () => {
  fc.assert(
    fc.property(messageArbitrary, (message) => {
      const carried = decodeWbxml(encodeWbxml(message));
      expect(inWbxml(carried)).toEqual(inWbxml(message));
      expect(decodeWbxml(encodeWbxml(carried))).toEqual(carried);
    }),
    { numRuns: 300 },
  );
});

test('from XML to WBXML and back', () => {
  fc.assert(
    fc.property(messageArbitrary, (message) => {
      const carried = decodeWbxml(encodeWbxml(decode(encode(message))));
      expect(decode(encode(carried))).toEqual(carried);
      expect(inWbxml(carried)).toEqual(inWbxml(message));
    }),
    { numRuns: 100 },
  );
});
