import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { codeOf, decode, decodeWbxml, encode, encodeWbxml } from './sample.js';

// Messages of all shapes, but small ones: a cut is tried at each byte. The size is settled when the generator is made.
fc.configureGlobal({ ...fc.readConfigureGlobal(), baseSize: 'xsmall' });
const { messageArbitrary } = await import('./message-arbitrary.js');
const small = messageArbitrary.filter((message) => encode(message).length <= 640);

beforeAll(() => {
  // Traces, which nobody reads, cost as much as what is tested.
  Error.stackTraceLimit = 0;
});

test('two hundred messages, cut at every byte, in XML and in WBXML', () => {
  fc.assert(
    fc.property(small, (message) => {
      expect(acceptedCuts(Buffer.from(encode(message)), decode), 'XML').toEqual([]);
      expect(acceptedCuts(encodeWbxml(message), decodeWbxml), 'WBXML').toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** The lengths at which what is left is no error of the table. */
function acceptedCuts(bytes: Buffer, decoder: (cut: Buffer) => unknown): number[] {
  const cuts = Array.from({ length: bytes.length }, (_, length) => length);
  return cuts.filter((length) => !codeOf(() => decoder(bytes.subarray(0, length))).startsWith('syncml.'));
}
