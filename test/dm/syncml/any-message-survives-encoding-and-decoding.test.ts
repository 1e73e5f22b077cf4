import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageArbitrary } from './message-arbitrary.js';
import { decode, decodeWbxml, encode, encodeWbxml, inWbxml } from './sample.js';

/** POSTERN_GENERATED_MESSAGES=100000 is the long form. */
const generated = Number(process.env['POSTERN_GENERATED_MESSAGES'] ?? 300);
const runs = { numRuns: generated };
const patience = 60_000 + generated * 50;

test(
  'decode(encode(message)) equals the message, for whatever the element table allows',
  () => {
    fc.assert(
      fc.property(messageArbitrary, (message) => {
        expect(decode(encode(message))).toEqual(message);
      }),
      runs,
    );
  },
  patience,
);

test(
  'the same in WBXML, where trees lose nothing but white space, and other markup becomes text',
  () => {
    fc.assert(
      fc.property(messageArbitrary, (message) => {
        const carried = decodeWbxml(encodeWbxml(message));
        expect(inWbxml(carried)).toEqual(inWbxml(message));
        expect(decodeWbxml(encodeWbxml(carried))).toEqual(carried);
      }),
      runs,
    );
  },
  patience,
);

test(
  'from XML to WBXML and back',
  () => {
    fc.assert(
      fc.property(messageArbitrary, (message) => {
        const carried = decodeWbxml(encodeWbxml(decode(encode(message))));
        expect(decode(encode(carried))).toEqual(carried);
        expect(inWbxml(carried)).toEqual(inWbxml(message));
      }),
      runs,
    );
  },
  patience,
);
