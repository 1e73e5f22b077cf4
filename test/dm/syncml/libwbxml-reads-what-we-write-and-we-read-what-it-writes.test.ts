import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';
import { wbxmlToXml, whyNoLibwbxml, xmlToWbxml } from '../../peers/libwbxml.js';
import { fixtureMessage, fixtureNames } from './fixtures.js';
import { messageArbitrary } from './message-arbitrary.js';
import { decode, decodeWbxml, encode, encodeWbxml, inWbxml } from './sample.js';

/** POSTERN_GENERATED_MESSAGES=10000 is the long form. */
const generated = Number(process.env['POSTERN_GENERATED_MESSAGES'] ?? 500);
const missing = whyNoLibwbxml();

describe.skipIf(missing !== undefined)(`libwbxml${missing === undefined ? '' : ` (${missing})`}`, () => {
  // It knows no prefixes of namespaces.
  const fixtures = fixtureNames.map((name) => inWbxml(fixtureMessage(name)));

  test.each<[string, readonly string[]]>([
    ['with its string table', []],
    ['without a string table', ['-n']],
    ['in WBXML 1.1', ['-v 1.1']],
    ['in WBXML 1.3', ['-v 1.3']],
  ])('every fixture comes from it %s', (_, options) => {
    const theirs = xmlToWbxml(fixtures.map(encodeXml), options);
    for (const [at, bytes] of theirs.entries()) expect(inWbxml(decodeWbxml(whole(bytes))), fixtureNames[at]).toEqual(fixtures[at]);
  });

  test('every fixture comes back from it in XML', () => {
    const theirs = wbxmlToXml(fixtures.map(encodeWbxml));
    for (const [at, bytes] of theirs.entries()) expect(inWbxml(decode(whole(bytes))), fixtureNames[at]).toEqual(fixtures[at]);
  });

  const messages = fc.sample(messageArbitrary, { numRuns: generated, seed: 20_261_121 }).map(asFarAsItCan);

  test(`${generated} generated messages come from it`, { timeout: 60_000 + generated * 50 }, () => {
    const theirs = xmlToWbxml(messages.map(encodeXml));
    for (const [at, bytes] of theirs.entries()) expect(inWbxml(decodeWbxml(whole(bytes)))).toEqual(inWbxml(messages[at]));
  });

  test(`${generated} generated messages come back from it in XML`, { timeout: 60_000 + generated * 50 }, () => {
    const theirs = wbxmlToXml(messages.map(encodeWbxml));
    for (const [at, bytes] of theirs.entries()) expect(inWbxml(decode(whole(bytes)))).toEqual(inWbxml(messages[at]));
  });
});

function encodeXml(message: SyncMLMessage): Buffer {
  return Buffer.from(encode(message));
}

function whole(bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) throw new Error('libwbxml could not convert it');
  return bytes;
}

/**
 * Leaves out what libwbxml does not carry: it makes CR LF of LF, writes CR as it is, so that XML makes LF of it, and `]]>` into
 * CDATA sections; markup that is no tree becomes literal tags, which we refuse.
 */
function asFarAsItCan(message: SyncMLMessage): SyncMLMessage {
  return JSON.parse(JSON.stringify(inWbxml(message)), (_, value) =>
    typeof value === 'string' ? value.replace(/[\r\n]|&#13;|\]\]>|\]\]&gt;/g, '_') : value,
  );
}
