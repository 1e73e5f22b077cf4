import { isDeepStrictEqual } from 'node:util';
import { defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { fixtureNames, fixtureWbxml } from '../../dm/syncml/fixtures.js';
import type { Span } from '../grammar.js';
import { hold, valueOrRefusal } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const opaque = 0xc3;
const inlineString = 0x03;
const switchPage = 0x00;
const endTag = 0x01;
const hasContent = 0x40;

/** XML is wordier. */
const roomy = { ...defaultDecodeLimits, bytes: 16 * defaultDecodeLimits.bytes };

const pieces = [
  [switchPage, 0],
  [switchPage, 1],
  [switchPage, 2],
  [switchPage, 0xff],
  [endTag],
  [0x02, 0x41],
  [0x02, 0x9f, 0xff, 0xff, 0xff, 0x7f],
  [inlineString, 0],
  [inlineString, 0xc0, 0xaf, 0],
  [inlineString, 0x41],
  [opaque, 0],
  [opaque, 0x8f, 0xff, 0xff, 0xff, 0x7f],
  [opaque, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
  [opaque, 6, 0x02, 0x00, 0x00, 0x6a, 0x00, 0x01],
  [0x83, 0],
  [0x83, 0x8f, 0xff, 0xff, 0xff, 0x7f],
  [0x43, 0x03],
  [0x04, 0],
  [0x44, 0],
  [0x02, 0xa4, 0x01, 0x6a, 0x00],
  ...Array.from({ length: 0x3b }, (_, token) => [hasContent | (token + 5)]),
  ...Array.from({ length: 0x3b }, (_, token) => [token + 5]),
];

/** SyncML in WBXML. */
export const wbxmlTarget: FuzzTarget = {
  name: 'wbxml',
  share: 0.28,
  grammar: { seeds: fixtureNames.map(fixtureWbxml), pieces: pieces.map((bytes) => Buffer.from(bytes)), spansOf },
  check(input) {
    const message = valueOrRefusal('syncml.', () => wbxmlCodec.decode(input, defaultDecodeLimits));
    if (message === undefined) return;
    // Markup that its Type does not call a tree becomes text: what was written once stays as it is.
    const written = wbxmlCodec.decode(wbxmlCodec.encode(message), roomy);
    hold(
      isDeepStrictEqual(wbxmlCodec.decode(wbxmlCodec.encode(written), roomy), written),
      'what was written can be read, and is then the same',
    );
    const crossed = xmlCodec.decode(xmlCodec.encode(message), roomy);
    // Version 1.1 has fewer elements: what it lacks is not written.
    const isWhole = message.SyncHdr.VerDTD !== '1.1';
    hold(!isWhole || isDeepStrictEqual(crossed, message), 'it is the same in XML');
  },
};

/** The head, tokens with what belongs to them, and elements with their content. */
function spansOf(seed: Buffer): Span[] {
  // As ours are written: a version, a public id in two bytes, a character set, and the length of the string table.
  let at = 5 + (seed[4] ?? 0);
  const spans: Span[] = [
    { start: 0, end: 1 },
    { start: 1, end: 3 },
    { start: 3, end: 4 },
    { start: 4, end: at },
  ];
  const open: number[] = [];
  while (at < seed.length) {
    const token = seed[at] ?? 0;
    const end = endOfToken(seed, at);
    spans.push({ start: at, end });
    if (token === endTag) spans.push({ start: open.pop() ?? at, end });
    else if (token > 4 && token < 0x80 && (token & hasContent) !== 0) open.push(at);
    at = end;
  }
  return spans;
}

function endOfToken(seed: Buffer, at: number): number {
  const token = seed[at];
  if (token === switchPage) return at + 2;
  if (token === inlineString) return seed.indexOf(0, at) + 1 || seed.length;
  if (token !== opaque) return at + 1;
  let length = 0;
  let place = at + 1;
  for (let more = true; more && place < seed.length; place += 1) {
    length = length * 128 + ((seed[place] ?? 0) & 0x7f);
    more = (seed[place] ?? 0) >= 0x80;
  }
  return place + length;
}
