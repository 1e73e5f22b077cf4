import { expect, test } from 'vitest';
import { decodeWbxmlTree, defaultDecodeLimits } from '#src/dm/syncml/index.js';
import { codeOf, decodeWbxml } from './sample.js';
import { closing, inWbxmlBody, inWbxmlData, opaque, opening, type Parts, preamble, wbxml } from './wbxml-sample.js';

const rest = Buffer.concat([opening, closing]);
const header = (...parts: Parts) => Buffer.concat([wbxml(...parts), rest]);
const get = (...parts: (number | string | Uint8Array)[]) => inWbxmlBody(0x53, 0x4b, '1', 1, ...parts, 1);
const ascii = (...parts: (number | string | Uint8Array)[]) =>
  Buffer.concat([wbxml(2, 0xa4, 1, 3, 0), inWbxmlData(parts).subarray(preamble.length)]);
const tableOf = (table: string, ...data: number[]) =>
  Buffer.concat([wbxml(2, 0xa4, 1, 0x6a, table.length, Buffer.from(table)), inWbxmlData(data).subarray(preamble.length)]);

test('the samples are messages where nothing is wrong', () => {
  expect(codeOf(() => decodeWbxml(inWbxmlBody(0x12)))).toBe('none');
  expect(codeOf(() => decodeWbxml(get(0x14)))).toBe('none');
  expect(codeOf(() => decodeWbxml(inWbxmlData(['x'])))).toBe('none');
  expect(codeOf(() => decodeWbxml(ascii('x')))).toBe('none');
  expect(codeOf(() => decodeWbxml(tableOf('x\0', 0x83, 0)))).toBe('none');
});

test.each<[string, Buffer, string]>([
  ['version 1.0', header(0x00, 0xa4, 1, 0x6a, 0), 'syncml.malformed'],
  ['version 1.4', header(0x04, 0xa4, 1, 0x6a, 0), 'syncml.malformed'],
  ['XML', Buffer.from('<SyncML/>'), 'syncml.malformed'],
  ['the public id of WML', header(2, 0x04, 0x6a, 0), 'syncml.unknown-document'],
  ['the public id of MetInf', header(2, 0xa4, 2, 0x6a, 0), 'syncml.unknown-document'],
  ['a public id text that is another', header(2, 0, 0, 0x6a, 2, Buffer.from('x\0')), 'syncml.unknown-document'],
  ['a public id text that is a tree', header(2, 0, 0, 0x6a, 27, Buffer.from('-//OMA//DTD-DM-DDF 1.2//EN\0')), 'syncml.unknown-document'],
  ['a public id text outside the table', header(2, 0, 2, 0x6a, 2, Buffer.from('x\0')), 'syncml.malformed'],
  ['a public id text without NUL', header(2, 0, 0, 0x6a, 1, Buffer.from('x')), 'syncml.malformed'],
  ['a string table longer than the message', Buffer.concat([wbxml(2, 0xa4, 1, 0x6a, 0x7f), rest]).subarray(0, 100), 'syncml.truncated'],
  ['a string table of 4 GiB', header(2, 0, 0, 0x6a, 0x8f, 0xff, 0xff, 0xff, 0x7f), 'syncml.truncated'],
  ['ISO 8859-1', header(2, 0xa4, 1, 4, 0), 'syncml.encoding'],
  ['UTF-16', header(2, 0xa4, 1, 0x87, 0x77, 0), 'syncml.encoding'],
  ['no character set', header(2, 0xa4, 1, 0, 0), 'syncml.encoding'],
  ['a number of six bytes', header(2, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0x6a, 0), 'syncml.malformed'],
  ['a number of 33 bits', header(2, 0x90, 0x80, 0x80, 0x80, 0, 0x6a, 0), 'syncml.malformed'],
  ['a root that is another', Buffer.concat([preamble, wbxml(0x2b)]), 'syncml.unknown-element'],
  ['a root on another page', Buffer.concat([preamble, wbxml(0, 1), rest]), 'syncml.unknown-token'],
  ['text before the root', Buffer.concat([preamble, wbxml('x'), rest]), 'syncml.malformed'],
  ['an END before the root', Buffer.concat([preamble, wbxml(1), rest]), 'syncml.malformed'],
  ['something after the root', Buffer.concat([preamble, rest, wbxml(0)]), 'syncml.malformed'],
  ['a processing instruction', inWbxmlBody(0x43), 'syncml.forbidden-markup'],
  ['a processing instruction before the root', Buffer.concat([preamble, wbxml(0x43), rest]), 'syncml.forbidden-markup'],
  ['a literal tag', inWbxmlBody(0x04, 0), 'syncml.forbidden-markup'],
  ['a literal tag with content', inWbxmlBody(0x44, 0, 1), 'syncml.forbidden-markup'],
  ['a literal tag with attributes', inWbxmlBody(0x84, 0, 1), 'syncml.forbidden-markup'],
  ['a literal tag with both', inWbxmlBody(0xc4, 0, 1), 'syncml.forbidden-markup'],
  ['an extension with a string', inWbxmlBody(0x40, 0), 'syncml.forbidden-markup'],
  ['an extension with an index', inWbxmlBody(0x82, 0), 'syncml.forbidden-markup'],
  ['an extension of one byte', inWbxmlBody(0xc0), 'syncml.forbidden-markup'],
  ['attributes', inWbxmlBody(0x92, 1), 'syncml.forbidden-markup'],
  ['attributes and content', inWbxmlBody(0xd2, 1, 1), 'syncml.forbidden-markup'],
  ['a token that stands for nothing', inWbxmlBody(0x3d), 'syncml.unknown-token'],
  ['the token that is reserved', inWbxmlBody(0x30), 'syncml.unknown-token'],
  ['a code page that is none', inWbxmlBody(0, 3), 'syncml.malformed'],
  ['an element that DM does not use', inWbxmlBody(0x5f, 1), 'syncml.unknown-element'],
  ['a tag of page 1 where page 0 is meant', inWbxmlBody(0, 1, 0x12), 'syncml.unknown-element'],
  ['a tag of a tree outside Data', inWbxmlBody(0, 2, 0x20), 'syncml.unknown-element'],
  ['a repeated element', get(0x4b, '2', 1), 'syncml.repeated-element'],
  ['a missing element', inWbxmlBody(0x13), 'syncml.missing-element'],
  ['an element in a text', inWbxmlBody(0x53, 0x4b, '1', 0x12, 1, 1), 'syncml.unknown-element'],
  ['an element in a flag', inWbxmlBody(0x52, 0x12, 1), 'syncml.unknown-element'],
  ['text in a flag', inWbxmlBody(0x52, 'x', 1), 'syncml.unexpected-text'],
  ['text between elements', inWbxmlBody('x'), 'syncml.unexpected-text'],
  ['opaque text between elements', inWbxmlBody(opaque('x')), 'syncml.unexpected-text'],
  ['text before markup', inWbxmlData(['x', 0, 2, 0x20]), 'syncml.unexpected-text'],
  ['text after markup', inWbxmlData([0, 2, 0x20, 'x']), 'syncml.unexpected-text'],
  ['text beside a child in markup', inWbxmlData([0, 2, 0x60, 'x', 0x24, 1]), 'syncml.unexpected-text'],
  ['a CmdID of 0', inWbxmlBody(0x53, 0x4b, '0', 1, 1), 'syncml.invalid-value'],
  ['a CmdID of nothing', inWbxmlBody(0x53, 0x0b, 1), 'syncml.invalid-value'],
  ['a string table index beyond the table', tableOf('x\0', 0x83, 2), 'syncml.malformed'],
  ['a string table without NUL at its end', tableOf('xy', 0x83, 1), 'syncml.malformed'],
  ['a string table where there is none', inWbxmlData([0x83, 0]), 'syncml.malformed'],
  ['an opaque length beyond the end', inWbxmlData([0xc3, 0x7f]), 'syncml.truncated'],
  ['an opaque length of 32 bits', inWbxmlData([0xc3, 0x8f, 0xff, 0xff, 0xff, 0x7f]), 'syncml.truncated'],
  ['a string without NUL', Buffer.concat([preamble, wbxml(0x6d, 0x6c, 0x71, 3), Buffer.from('1.2')]), 'syncml.truncated'],
  ['a string that is no UTF-8', inWbxmlData([3, 0xc0, 0xaf, 0]), 'syncml.encoding'],
  ['beyond US-ASCII in US-ASCII', ascii('é'), 'syncml.encoding'],
  ['beyond US-ASCII in opaque US-ASCII', ascii(opaque('é')), 'syncml.encoding'],
  ['a control character', inWbxmlData(['\x1b']), 'syncml.malformed'],
  ['U+FFFE', inWbxmlData(['\ufffe']), 'syncml.malformed'],
  ['an entity of NUL', inWbxmlData([2, 0]), 'syncml.malformed'],
  ['an entity of a surrogate', inWbxmlData([2, 0x83, 0xb0, 0]), 'syncml.malformed'],
  ['an entity beyond Unicode', inWbxmlData([2, 0xc4, 0x80, 0]), 'syncml.malformed'],
  ['bytes where a text is', inWbxmlBody(0x53, 0x4b, opaque(Buffer.of(0xff)), 1, 1), 'syncml.malformed'],
  ['bytes in the Data of an Alert', inWbxmlBody(0x46, 0x4b, '1', 1, 0x4f, opaque(Buffer.of(0xff)), 1, 1), 'syncml.malformed'],
  ['bytes in a node that is text', inWbxmlData([0, 2, 0x60, 0x64, 0x76, opaque(Buffer.of(0xff)), 1, 1, 1]), 'syncml.malformed'],
])('%s', (_, bytes, code) => {
  expect(codeOf(() => decodeWbxml(bytes))).toBe(code);
});

const typed = (document: Uint8Array) => inWbxmlData([opaque(document)], [0x53, 'application/vnd.syncml.dmtnds+wbxml', 1]);
const treeOf = (...parts: Parts) => wbxml(2, 0, 0, 0x6a, 0x1b, Buffer.from('-//OMA//DTD-DM-DDF 1.2//EN\0'), 0, 2, ...parts);

test.each<[string, Buffer, string]>([
  ['nothing wrong', treeOf(0x20), 'none'],
  ['another root', treeOf(0x24), 'syncml.unknown-element'],
  ['something after its root', treeOf(0x20, 0x20), 'syncml.malformed'],
  ['its end missing', treeOf(0x60), 'syncml.truncated'],
  [
    'a node without Format that is binary',
    treeOf(0x60, 0x64, 0x6f, 0x5c, 9, 1, 1, 1, 0x64, 0x76, opaque(Buffer.of(0)), 1, 1, 1),
    'syncml.malformed',
  ],
])('a tree inside Data with %s', (_, document, code) => {
  expect(codeOf(() => decodeWbxml(typed(document)))).toBe(code);
});

test('a message is no tree', () => {
  const message = Buffer.concat([preamble, rest]);
  expect(codeOf(() => decodeWbxmlTree(message, defaultDecodeLimits))).toBe('syncml.unknown-document');
});

test('the string table is left neither at its index nor at its end', () => {
  expect(() => decodeWbxml(tableOf('x\0', 0x83, 2))).toThrow('the string table has nothing at 2');
  expect(() => decodeWbxml(tableOf('xy', 0x83, 1))).toThrow('the string table does not end with NUL');
});

test('the error says at which byte', () => {
  expect(() => decodeWbxml(inWbxmlBody(0x3d))).toThrow(`0x3d stands for nothing on code page 0 (byte ${preamble.length + opening.length})`);
  expect(() => decodeWbxml(Buffer.of(2, 0xa4))).toThrow('ends at byte 2');
});

test('a wrong value says where, too, in either encoding', () => {
  try {
    decodeWbxml(inWbxmlBody(0x53, 0x4b, '0', 1, 1));
  } catch (error) {
    expect(error).toMatchObject({ code: 'syncml.invalid-value', details: { at: preamble.length + opening.length + 6 } });
  }
  expect.assertions(1);
});
