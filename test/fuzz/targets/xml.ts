import { isDeepStrictEqual } from 'node:util';
import { defaultDecodeLimits, elements, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { fixtureNames, fixtureXml } from '../../dm/syncml/fixtures.js';
import { matchesIn, type Span } from '../grammar.js';
import { hold, valueOrRefusal } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const tokens = /<!\[CDATA\[.*?\]\]>|<[^>]*>|&[^;]*;|[^<&]+/gs;
const names = [...Object.keys(elements), 'MgmtTree', 'Node', 'NodeName', 'Value', 'x:a', '__proto__'];
const texts = [
  '&#65;',
  '&#x110000;',
  '&lt;',
  '&x;',
  '<![CDATA[x]]>',
  '<!-- -->',
  ']]>',
  '<?x y?>',
  '<!DOCTYPE SyncML [',
  '<!ENTITY a "b">',
];
const numbers = ['0', '-1', '4294967296', '9'.repeat(40), '1e9', 'NaN', '\ufeff', '\0', '😀', ' '.repeat(300)];
const attributes = [' xmlns="urn:x"', ' xmlns:x="urn:x"', ' x="1"', ' xml:space="preserve"'];

/** SyncML in XML. */
export const xmlTarget: FuzzTarget = {
  name: 'xml',
  share: 0.18,
  grammar: {
    seeds: fixtureNames.map(fixtureXml),
    pieces: [...names.flatMap((name) => [`<${name}>`, `</${name}>`, `<${name}/>`]), ...texts, ...numbers, ...attributes].map((text) =>
      Buffer.from(text),
    ),
    spansOf: (seed) => [...matchesIn(seed, tokens), ...elementsIn(seed)],
  },
  check(input) {
    const message = valueOrRefusal('syncml.', () => xmlCodec.decode(input, defaultDecodeLimits));
    if (message === undefined) return;
    const again = xmlCodec.decode(xmlCodec.encode(message), { ...defaultDecodeLimits, bytes: 16 * defaultDecodeLimits.bytes });
    // Version 1.1 has fewer elements: what it lacks is not written.
    const isWhole = message.SyncHdr.VerDTD !== '1.1';
    hold(!isWhole || isDeepStrictEqual(again, message), 'what was read can be written, and is then the same');
    valueOrRefusal('syncml.', () => wbxmlCodec.encode(message));
  },
};

/** Elements with their content, by their tags. */
function elementsIn(seed: Buffer): Span[] {
  const open: number[] = [];
  const spans: Span[] = [];
  for (const { start, end } of matchesIn(seed, /<\/?[\w:][^>]*>/g)) {
    const tag = seed.toString('latin1', start, end);
    if (tag.endsWith('/>')) spans.push({ start, end });
    else if (!tag.startsWith('</')) open.push(start);
    else spans.push({ start: open.pop() ?? start, end });
  }
  return spans;
}
