import { expect, test } from 'vitest';
import type { Item } from '#src/dm/syncml/index.js';
import { decodeWbxml } from './sample.js';
import { closing, inWbxmlBody, inWbxmlData, opaque, opening, type Parts, preamble, wbxml } from './wbxml-sample.js';

const itemOf = (bytes: Uint8Array): Item | undefined => {
  const command = decodeWbxml(bytes).SyncBody.commands[0];
  return command !== undefined && 'Item' in command ? command.Item?.[0] : undefined;
};
const dataOf = (...data: Parts) => itemOf(inWbxmlData(data))?.Data;
const empty = decodeWbxml(Buffer.concat([preamble, opening, closing]));
const meta = (format?: string, type?: string, size?: string) => [
  ...(format === undefined ? [] : [0x47, format, 1]),
  ...(type === undefined ? [] : [0x53, type, 1]),
  ...(size === undefined ? [] : [0x52, size, 1]),
];
const tnds = 'application/vnd.syncml.dmtnds';
const tree = [0, 2, 0x60, 0x77, '1.2', 1, 0x64, 0x66, 'Motd', 1, 0x6f, 0x5c, 0x0b, 1, 1, 0x76, 'a < b', 1, 1, 1] as const;
const treeAsXml =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Motd</NodeName><RTProperties><Format><chr/></Format></RTProperties>' +
  '<Value>a &lt; b</Value></Node></MgmtTree>';
const document = wbxml(2, 0, 0, 0x6a, 0x1b, Buffer.from('-//OMA//DTD-DM-DDF 1.2//EN\0'), ...tree);

test.each<[string, Parts]>([
  ['1.1, SyncML 1.1', [1, 0x9f, 0x53, 0x6a, 0]],
  ['1.2, SyncML 1.2', [2, 0xa4, 1, 0x6a, 0]],
  ['1.3, SyncML 1.0', [3, 0x9f, 0x51, 0x6a, 0]],
  ['an unknown public id', [2, 1, 0x6a, 0]],
  ['a public id in the string table', [2, 0, 0, 0x6a, 30, Buffer.from('-//SYNCML//DTD SyncML 1.2//EN\0')]],
  ['a public id further on in the string table', [2, 0, 2, 0x6a, 32, Buffer.from('x\0-//SYNCML//DTD SyncML 1.1//EN\0')]],
  ['US-ASCII', [2, 0xa4, 1, 3, 0]],
  ['a string table that nobody needs', [2, 0xa4, 1, 0x6a, 2, Buffer.from('x\0')]],
  ['a number that is longer than it needs to be', [2, 0xa4, 1, 0x80, 0x6a, 0]],
  ['page switches that switch nothing', [2, 0xa4, 1, 0x6a, 0, 0, 0, 0, 0]],
])('a document that begins with %s', (_, parts) => {
  expect(decodeWbxml(Buffer.concat([wbxml(...parts), opening, closing]))).toEqual(empty);
});

test('text is put together from strings, the string table, entities and opaque text', () => {
  const data = inWbxmlData(['é', 0x83, 2, 0x02, 0x20, 0x02, 0x87, 0xec, 0x00, opaque('<ü>'), '']);
  const withTable = Buffer.concat([wbxml(2, 0xa4, 1, 0x6a, 6, Buffer.from('x\0abc\0')), data.subarray(preamble.length)]);
  expect(itemOf(withTable)?.Data).toBe('éabc 😀<ü>');
});

test('white space between elements is passed over, around a token trimmed, in Data kept', () => {
  const bytes = inWbxmlBody(' \n', 0x53, 0x4b, ' 1\n', 1, '\t', 0x54, 0x4f, ' a ', 1, 1, opaque(' '), 1);
  expect(decodeWbxml(bytes).SyncBody.commands).toEqual([{ name: 'Get', CmdID: '1', Item: [{ Data: ' a ' }] }]);
});

test('empty Data is an empty text, flags may have an END, pages may be switched anywhere', () => {
  expect(itemOf(inWbxmlBody(0x45, 0x4b, '1', 1, 0x54, 0x0f, 1, 1))).toEqual({ Data: '' });
  expect(dataOf()).toBe('');
  expect(dataOf('')).toBe('');
  expect(dataOf(0, 1, 'x', 0, 2)).toBe('x');
  expect(decodeWbxml(inWbxmlBody(0x52, 0, 1, 1, 0, 0)).SyncBody.Final).toBe(true);
});

test('a view into a larger buffer is read within its bounds', () => {
  const padded = Buffer.concat([Buffer.from('garbage'), inWbxmlData([opaque('ok')]), Buffer.from('garbage')]);
  expect(itemOf(new Uint8Array(padded.buffer, padded.byteOffset + 7, padded.length - 14))?.Data).toBe('ok');
});

test.each<[string, Uint8Array | string, readonly (number | string)[], unknown]>([
  ['text under chr', 'plain', meta('chr'), { Data: 'plain', Meta: { Format: 'chr' } }],
  ['text without Meta', 'plain', [], { Data: 'plain' }],
  ['base64 under b64', 'AAH//g==', meta('b64', undefined, '8'), { Data: 'AAH//g==', Meta: { Format: 'b64', Size: '8' } }],
  ['a chunk of base64 under b64', 'AAH//', meta('b64'), { Data: 'AAH//', Meta: { Format: 'b64' } }],
  ['bytes under b64', Buffer.of(0, 1, 0xff, 0xfe), meta('b64', undefined, '4'), { Data: 'AAH//g==', Meta: { Format: 'b64', Size: '8' } }],
  ['bytes that are text under b64', 'no base64!', meta('b64'), { Data: 'bm8gYmFzZTY0IQ==', Meta: { Format: 'b64' } }],
  ['bytes under bin', Buffer.of(0, 1, 0xff, 0xfe), meta('bin', undefined, '4'), { Data: 'AAH//g==', Meta: { Format: 'b64', Size: '8' } }],
  ['bytes that are text under bin', 'AAAA', meta('bin'), { Data: 'QUFBQQ==', Meta: { Format: 'b64' } }],
  ['bytes under chr', Buffer.of(0xff), meta('chr', 'text/plain'), { Data: '/w==', Meta: { Format: 'b64', Type: 'text/plain' } }],
  ['bytes without Meta', Buffer.of(0), [], { Data: 'AA==', Meta: { Format: 'b64' } }],
  ['a tree', document, meta('xml', `${tnds}+wbxml`), { Data: { markup: treeAsXml }, Meta: { Format: 'xml', Type: `${tnds}+xml` } }],
  [
    'a tree under bin',
    document,
    meta('bin', `${tnds}+wbxml`),
    { Data: { markup: treeAsXml }, Meta: { Format: 'xml', Type: `${tnds}+xml` } },
  ],
  [
    'a tree with its Size',
    document,
    meta('xml', `${tnds}+wbxml`, String(document.length)),
    { Data: { markup: treeAsXml }, Meta: { Format: 'xml', Type: `${tnds}+xml`, Size: String(treeAsXml.length) } },
  ],
  ['a tree without Meta', document, [], { Data: { markup: treeAsXml } }],
  [
    'a tree in XML called WBXML',
    treeAsXml,
    meta('xml', `${tnds}+wbxml`),
    { Data: treeAsXml, Meta: { Format: 'xml', Type: `${tnds}+xml` } },
  ],
  [
    'a tree that is a file',
    document,
    meta('bin', 'application/octet-stream'),
    expect.objectContaining({ Data: document.toString('base64') }),
  ],
])('opaque: %s', (_, bytes, inMeta, item) => {
  expect(itemOf(inWbxmlData([opaque(bytes)], inMeta))).toEqual(item);
});

test('a chunk of a tree is bytes, also the first, which begins as one', () => {
  const chunk = inWbxmlBody(0x45, 0x4b, '1', 1, 0x54, 0x4f, opaque(document.subarray(0, 60)), 1, 0x34, 1, 1);
  expect(itemOf(chunk)).toMatchObject({ Data: document.subarray(0, 60).toString('base64'), MoreData: true });
});

test('what is said once for all Items changes for those that it changes for', () => {
  const item = (bytes: Uint8Array | string) => [0x54, 0x4f, opaque(bytes), 1, 1];
  const add = (...items: Parts) => inWbxmlBody(0x45, 0x4b, '1', 1, 0x5a, 0, 1, 0x47, 'bin', 1, 1, 0, 0, ...items, 1);
  expect(decodeWbxml(add(...item('a'), ...item('b'))).SyncBody.commands).toEqual([
    { name: 'Add', CmdID: '1', Meta: { Format: 'b64' }, Item: [{ Data: 'YQ==' }, { Data: 'Yg==' }] },
  ]);
  expect(decodeWbxml(add(...item('a'), 0x54, 0x4f, 'b', 1, 1)).SyncBody.commands).toEqual([
    { name: 'Add', CmdID: '1', Meta: { Format: 'bin' }, Item: [{ Data: 'YQ==', Meta: { Format: 'b64' } }, { Data: 'b' }] },
  ]);
});

test('Meta may come after Data', () => {
  const bytes = inWbxmlBody(0x45, 0x54, 0x4f, opaque('a'), 1, 0x5a, 0, 1, 0x47, 'bin', 1, 1, 1, 0, 0, 0x4b, '1', 1, 1);
  expect(itemOf(bytes)).toEqual({ Data: 'YQ==', Meta: { Format: 'b64' } });
});

test('a tree stands on page 2 in Data; Node and node are two', () => {
  expect(dataOf(...tree)).toEqual({ markup: treeAsXml });
  expect(dataOf(0, 2, 0x60, 0x64, 0x6f, 0x5c, 0x25, 1, 1, 1, 1)).toEqual({
    markup: '<MgmtTree xmlns="syncml:dmddf1.2"><Node><RTProperties><Format><node/></Format></RTProperties></Node></MgmtTree>',
  });
  expect(dataOf(0, 1, 0x4e, 0x4c, '5000', 1, 1)).toEqual({
    markup: '<MetInf xmlns="syncml:metinf"><MaxMsgSize>5000</MaxMsgSize></MetInf>',
  });
});

test('a binary Value of a tree becomes base64', () => {
  const node = (format: number, bytes: Uint8Array) => [0x64, 0x6f, 0x5c, format, 1, 1, 0x76, opaque(bytes), 1, 1];
  const markup = JSON.stringify(dataOf(0, 2, 0x60, ...node(0x09, Buffer.from('text')), ...node(0x0b, Buffer.from('text')), 1));
  expect(markup).toMatch(/<bin\/>.*<Value>dGV4dA==<\/Value>.*<chr\/>.*<Value>text<\/Value>/);
});

test('digests and nonces may be bytes', () => {
  const digest = Buffer.of(0x67, 0x3e, 0x84, 0x8a);
  const cred = [0x4e, 0x5a, 0, 1, ...meta('bin', 'syncml:auth-md5'), 1, 0, 0, 0x4f, opaque(digest), 1, 1];
  const get = inWbxmlBody(0x53, 0x4b, '1', 1, ...cred, 0x5a, 0, 1, 0x50, opaque(digest), 1, 1, 0, 0, 1);
  expect(decodeWbxml(get).SyncBody.commands).toEqual([
    {
      name: 'Get',
      CmdID: '1',
      Cred: { Meta: { Format: 'b64', Type: 'syncml:auth-md5' }, Data: 'Zz6Eig==' },
      Meta: { NextNonce: 'Zz6Eig==' },
    },
  ]);
});
