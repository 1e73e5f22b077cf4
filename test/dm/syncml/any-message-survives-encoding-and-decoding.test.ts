import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageArbitrary } from './message-arbitrary.js';
import { decode, encode } from './sample.js';

test('decode(encode(message)) equals the message, for whatever the element table allows', () => {
  fc.assert(
    fc.property(messageArbitrary, (message) => {
      expect(decode(encode(message))).toEqual(message);
    }),
    { numRuns: 300 },
  );
});
