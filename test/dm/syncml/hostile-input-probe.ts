import { isPosternError } from '#src/base/index.js';
import { type Codec, defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { inData } from './sample.js';

/** What one hostile input cost, in bytes of memory for each of its own. */
interface Cost {
  readonly name: string;
  readonly code: string;
  readonly amplification: number;
}

/** As large as the limit lets in: what is larger is not looked at. */
const size = defaultDecodeLimits.bytes - 2_048;
const billionLaughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at} "&a${at - 1};&a${at - 1};">`).join('')}]>`;

const filled = (piece: string) => piece.repeat(Math.floor(size / piece.length));
const deep = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
const numbered = (count: number) => Array.from({ length: count }, (_, at) => ` a${at}=""`).join('');

const inputs: readonly [name: string, codec: Codec, make: () => Uint8Array][] = [
  ['billion laughs', xmlCodec, () => Buffer.from(billionLaughs + inData('&a29;'))],
  ['numeric references', xmlCodec, () => Buffer.from(inData(filled('&#65;')))],
  ['a million numeric references', xmlCodec, () => Buffer.from(inData('&#65;'.repeat(1_000_000)))],
  ['references beyond the first plane', xmlCodec, () => Buffer.from(inData(filled('&#x1F600;')))],
  ['a hundred thousand levels', xmlCodec, () => Buffer.from(inData(deep(100_000)))],
  ['a million attributes', xmlCodec, () => Buffer.from(inData(`<a${numbered(1_000_000)}/>`))],
  ['as many attributes as fit', xmlCodec, () => Buffer.from(inData(`<a${numbered(90_000)}/>`))],
  ['elements', xmlCodec, () => Buffer.from(inData(filled('<a/>')))],
  ['many sections of CDATA', xmlCodec, () => Buffer.from(inData(filled('<![CDATA[x]]>')))],
  ['comments', xmlCodec, () => Buffer.from(inData(filled('<!---->x')))],
  ['namespaces', xmlCodec, () => Buffer.from(inData(filled('<a xmlns="urn:x"/>').slice(0, 18 * 19_000)))],
  ['UTF-16 with its mark', xmlCodec, () => Buffer.from(`\ufeff${inData(filled('x').slice(0, size / 2))}`, 'utf16le')],
  ['overlong UTF-8', xmlCodec, () => Buffer.concat([Buffer.from('<SyncML>'), Buffer.alloc(size, Buffer.of(0xc0, 0xaf))])],
  ['a single text', xmlCodec, () => Buffer.from(inData(filled('x')))],
  ['WBXML: levels', wbxmlCodec, () => Buffer.concat([head, Buffer.alloc(size, 0x6d)])],
  ['WBXML: empty elements', wbxmlCodec, () => Buffer.concat([head, Buffer.of(0x6d, 0x6b), Buffer.alloc(size, 0x06)])],
  ['WBXML: references into the table', wbxmlCodec, () => tableReferences()],
  ['WBXML: entities', wbxmlCodec, () => Buffer.concat([head, Buffer.of(0x6d, 0x6c, 0x71), Buffer.alloc(size, Buffer.of(0x02, 0x41))])],
];

const head = Buffer.of(0x02, 0xa4, 0x01, 0x6a, 0x00);

/** A table of 64 KiB, and as many references to its whole text as there is room for. */
function tableReferences(): Buffer {
  const table = Buffer.concat([Buffer.alloc(65_535, 'x'), Buffer.of(0)]);
  const preamble = Buffer.of(0x02, 0xa4, 0x01, 0x6a, 0x84, 0x80, 0x00);
  return Buffer.concat([preamble, table, Buffer.of(0x6d, 0x6c, 0x71), Buffer.alloc(size - table.length, Buffer.of(0x83, 0x00))]);
}

/** Run with `--expose-gc` and a small heap: prints what each cost. */
const costs = inputs.map(([name, codec, make]): Cost => {
  const bytes = make();
  globalThis.gc?.();
  const before = used();
  const code = codeOf(() => codec.decode(bytes, defaultDecodeLimits));
  return { name, code, amplification: Math.max(0, used() - before) / bytes.length };
});
process.stdout.write(JSON.stringify(costs));

/** Garbage that is not collected yet counts too. */
function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function codeOf(decode: () => unknown): string {
  try {
    decode();
    return 'none';
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
}
