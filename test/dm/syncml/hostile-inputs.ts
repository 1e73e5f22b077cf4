import { type Codec, defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { inBody, inData } from './sample.js';
import { inWbxmlBody, inWbxmlData, preamble } from './wbxml-sample.js';

/** A message that somebody sends to cost us time or memory. */
export interface HostileInput {
  /** As in the name of its benchmark. */
  readonly name: string;
  readonly codec: Codec;
  /** What becomes of it: the code of the error, or none. */
  readonly code: string;
  make(): Uint8Array;
}

/** As large as the limits let in, with room for what stands around it. */
const size = defaultDecodeLimits.bytes - 2_048;
/** As many elements, likewise. */
const count = defaultDecodeLimits.elements - 100;

/** Each as near to a MiB as the limits allow; two of a million pieces are larger, and refused unread. */
export const hostileInputs: readonly HostileInput[] = [
  xml('billion-laughs', () => billionLaughs() + inData('&a29;'), 'syncml.forbidden-markup'),
  xml('references', () => inData(filled('&#65;'))),
  xml('a-million-references', () => inData('&#65;'.repeat(1_000_000)), 'syncml.too-large'),
  xml('references-beyond-the-first-plane', () => inData(filled('&#x1F600;'))),
  xml('named-references', () => inData(filled('&lt;'))),
  xml('references-between-characters', () => inData(filled('x&#9;'))),
  xml('references-in-another-script', () => inData(filled('é&#9;'))),
  xml('line-ends', () => inData(filled('\r'))),
  xml('brackets', () => inData(filled(']'))),
  xml('sections', () => inData(filled('<![CDATA[x]]>'))),
  xml('empty-sections', () => inData(filled('<![CDATA[]]>'))),
  xml('line-ends-in-a-section', () => inData(`<![CDATA[${filled('\r')}]]>`)),
  xml('a-section-beyond-the-first-plane', () => inData(`<![CDATA[${filled('😀')}]]>`)),
  xml('comments', () => inData(filled('<!---->'))),
  xml('comments-between-characters', () => inData(filled('<!---->x'))),
  xml('comments-between-elements', () => inBody(filled('<!---->'))),
  xml('levels', () => inData('<a>'.repeat(size / 3)), 'syncml.too-deep'),
  xml('names', () => inData(filled(`<${'n'.repeat(45)}/>`))),
  xml('one-name', () => inData(`<${filled('n')}/>`)),
  xml('one-name-in-another-script', () => inData(`<${filled('é')}/>`)),
  xml('end-tags', () => inData(filled('<n></n  >'))),
  xml('namespaces', () => inData(filled('<a xmlns="urn:x"/>'))),
  xml('prefixes', () => inData(filled('<x:a xmlns:x="u" x:b="c"/>'))),
  xml('prefixes-from-outside', () => outside(`<x:a b="${'v'.repeat(24)}"/>`)),
  xml('attributes', () => inData(filled(`<a${attributes('=""')}/>`))),
  xml('attributes-with-references', () => inData(filled(`<a${attributes('="&#65;"')}/>`))),
  xml('namespace-attributes', () => inData(filled(`<a${attributes('=""').replaceAll(' ', ' xmlns:')}/>`))),
  xml('one-attribute-of-references', () => inData(`<a b="${filled('&#65;')}"/>`)),
  xml('one-attribute-of-line-ends', () => inData(`<a b="${filled('\r')}"/>`)),
  xml('a-million-attributes', () => inData(`<a${numbered(1_000_000)}/>`), 'syncml.too-large'),
  xml('too-many-attributes', () => inData(`<a${numbered(90_000)}/>`), 'syncml.too-many-attributes'),
  xml('white-space', () => inBody(filled(' '))),
  xml('white-space-in-a-tag', () => inData(`<a${filled(' ')}/>`)),
  xml('one-text', () => inData(filled('x'))),
  xml('one-text-in-another-script', () => inData(filled('é'))),
  xml('one-text-beyond-the-first-plane', () => inData(filled('😀'))),
  xml('utf-16', () => Buffer.from(`\ufeff${inData('x'.repeat(size / 2))}`, 'utf16le'), 'syncml.encoding'),
  xml('overlong-utf-8', () => Buffer.concat([Buffer.from('<SyncML>'), Buffer.alloc(size, Buffer.of(0xc0, 0xaf))]), 'syncml.encoding'),
  xml('items', () => inBody(`<Add><CmdID>1</CmdID>${filled(`<Item${' '.repeat(45)}/>`)}</Add>`)),
  xml('commands', () => inBody(filled('<Get><CmdID>1</CmdID><Item/></Get>'))),
  wbxml('levels', () => Buffer.concat([preamble, Buffer.alloc(size, 0x6d)]), 'syncml.unknown-element'),
  wbxml('entities', () => inWbxmlData([repeated(0x02, 0x41)])),
  wbxml('entities-without-an-end', () => Buffer.concat([preamble, Buffer.of(0x6d, 0x6c, 0x71), repeated(0x02, 0x41)]), 'syncml.truncated'),
  wbxml('entities-beyond-the-first-plane', () => inWbxmlData([repeated(0x02, 0x87, 0xec, 0x00)])),
  wbxml('entities-between-elements', () => inWbxmlBody(repeated(0x02, 0x20))),
  wbxml('strings', () => inWbxmlData([repeated(0x03, 0x78, 0)])),
  wbxml('empty-strings', () => inWbxmlData([repeated(0x03, 0)])),
  wbxml('strings-in-another-script', () => inWbxmlData([repeated(0x03, 0xc3, 0xa9, 0)])),
  wbxml('strings-of-the-replacement-character', () => inWbxmlData([repeated(0x03, 0xef, 0xbf, 0xbd, 0)])),
  wbxml('blank-strings', () => inWbxmlData([repeated(0x03, 0x20, 0)])),
  wbxml('strings-between-elements', () => inWbxmlBody(repeated(0x03, 0x20, 0))),
  wbxml('opaque-pieces', () => inWbxmlData(['x', repeated(0xc3, 1, 0x78)])),
  wbxml('opaque-pieces-in-another-script', () => inWbxmlData(['x', repeated(0xc3, 2, 0xc3, 0xa9)])),
  wbxml('empty-opaque-pieces', () => inWbxmlData(['x', repeated(0xc3, 0)])),
  wbxml('table-references', () => tableReferences(65_535), 'syncml.text-too-long'),
  wbxml('short-table-references', () => tableReferences(1)),
  wbxml('empty-table-references', () => tableReferences(0)),
  wbxml('pages', () => inWbxmlData([repeated(0, 0)])),
  wbxml('one-text', () => inWbxmlData([filled('x')])),
  wbxml('one-text-in-another-script', () => inWbxmlData([filled('é')])),
  wbxml('markup-to-escape', () => inWbxmlData([0, 2, 0x60, '<'.repeat(240_000), 1])),
  wbxml('markup', () => inWbxmlData([0, 2, 0x60, Buffer.alloc(count * 24, `\x5c\x03${'x'.repeat(20)}\0\x01`, 'latin1'), 1])),
  wbxml('a-tree-that-is-none', () => inWbxmlData([filled('<!>')], [0x53, 'application/vnd.syncml.dmtnds+wbxml', 1])),
  wbxml('items', () => inWbxmlBody(0x45, 0x4b, '1', 1, Buffer.alloc(count, 0x14), 1)),
];

/** A decoder that takes 24 times the size, for a moment, and keeps nothing of it. */
export const spendthrift: HostileInput = {
  name: 'spendthrift',
  code: 'none',
  make: () => Buffer.from(inData(filled('x'))),
  codec: { ...xmlCodec, decode: (bytes, limits) => xmlCodec.decode(onceTwentyFourTimes(bytes), limits) },
};

function onceTwentyFourTimes(bytes: Uint8Array): Uint8Array {
  const copies = Array.from({ length: 24 }, () => Buffer.from(bytes));
  return copies.at(-1) ?? bytes;
}

function xml(name: string, text: () => string | Buffer, code = 'none'): HostileInput {
  return { name: `xml.${name}`, codec: xmlCodec, code, make: () => Buffer.from(text()) };
}

function wbxml(name: string, make: () => Buffer, code = 'none'): HostileInput {
  return { name: `wbxml.${name}`, codec: wbxmlCodec, code, make };
}

function filled(piece: string): string {
  const fitting = Math.floor(size / Buffer.byteLength(piece));
  const elements = piece.split(/<[\w:]/).length - 1;
  return piece.repeat(elements === 0 ? fitting : Math.min(fitting, Math.floor(count / elements)));
}

function repeated(...bytes: number[]): Buffer {
  return Buffer.alloc(Math.floor(size / bytes.length) * bytes.length, Buffer.from(bytes));
}

function billionLaughs(): string {
  const entities = Array.from({ length: 19_000 }, (_, at) => `<!ENTITY a${at + 1} "&a${at};&a${at};">`);
  return `<!DOCTYPE x [<!ENTITY a0 "ha">${entities.join('').slice(0, size)}]>`;
}

function attributes(value: string): string {
  return Array.from('abcdefghijklmnopqrstuvwxyzABCDEF', (name) => ` ${name}${value}`).join('');
}

function numbered(many: number): string {
  return Array.from({ length: many }, (_, at) => ` a${at}=""`).join('');
}

function outside(piece: string): string {
  return inBody(`<Add xmlns:x="u"><CmdID>1</CmdID><Item><Data>${filled(piece)}</Data></Item></Add>`);
}

/** A table, and as many references to its whole text as there is room for. */
function tableReferences(length: number): Buffer {
  const table = Buffer.concat([Buffer.alloc(length, 'x'), Buffer.of(0)]);
  const at = [0x80 | (table.length >> 14), 0x80 | ((table.length >> 7) & 0x7f), table.length & 0x7f];
  const message = inWbxmlData([Buffer.alloc((size - table.length) & ~1, Buffer.of(0x83, 0x00))]);
  return Buffer.concat([preamble.subarray(0, 4), Buffer.from(at), table, message.subarray(preamble.length)]);
}
