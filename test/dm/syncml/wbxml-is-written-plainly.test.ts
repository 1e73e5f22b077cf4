import { expect, test } from 'vitest';
import { decodeWbxmlTree, defaultDecodeLimits, encodeWbxmlTree, type Item, type Meta, type SyncMLMessage } from '#src/dm/syncml/index.js';
import { codeOf, decodeWbxml, encodeWbxml } from './sample.js';
import { closing, opening, preamble, wbxml } from './wbxml-sample.js';

const message = (VerDTD: string, commands: SyncMLMessage['SyncBody']['commands']): SyncMLMessage => ({
  SyncBody: { commands },
  SyncHdr: { Source: { LocURI: 's' }, Target: { LocURI: 't' }, MsgID: '1', SessionID: '1', VerProto: 'DM/1.2', VerDTD },
});
const add = (items: readonly Item[], meta?: Meta) =>
  message('1.2', [{ name: 'Add', CmdID: '1', ...(meta && { Meta: meta }), Item: items }]);
const tnds = 'application/vnd.syncml.dmtnds';
const tree = { markup: '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD></MgmtTree>' };
const document = wbxml(2, 0, 0, 0x6a, 0x1b, Buffer.from('-//OMA//DTD-DM-DDF 1.2//EN\0'), 0, 2, 0x60, 0x77, '1.2', 1, 1);

test('elements in table order, the page switched before a tag of another page only, nothing for what is empty', () => {
  const item = { Data: '', Meta: { Type: 'text/plain', Format: 'chr' }, Target: { LocURI: './A' } };
  const body = wbxml(
    ...[0x45, 0x4b, '1', 1, 0x54, 0x6e, 0x57, './A', 1, 1, 0x5a, 0, 1, 0x47, 'chr', 1, 0x53, 'text/plain', 1, 1],
    ...[0, 0, 0x0f, 1, 0x14, 1],
  );
  expect(encodeWbxml(add([item, {}]))).toEqual(Buffer.concat([preamble, opening, body, closing]));
});

test('version 1.1 has its own public id and no Correlator', () => {
  const alert = { name: 'Alert', CmdID: '1', Correlator: 'c', Data: '1226' } as const;
  const bytes = encodeWbxml(message('1.1', [alert]));
  expect(bytes.subarray(0, 5)).toEqual(Buffer.of(2, 0x9f, 0x53, 0x6a, 0));
  expect(decodeWbxml(bytes).SyncBody.commands).toEqual([{ name: 'Alert', CmdID: '1', Data: '1226' }]);
});

test.each(['\0', '\u001b', '\ufffe', '\ud800'])('what XML could not carry is refused: %j', (text) => {
  expect(codeOf(() => encodeWbxml(add([{ Data: text }])))).toBe('syncml.invalid-value');
});

test('a tree is a WBXML document, which its Type and Size say', () => {
  const bytes = encodeWbxml(add([{ Meta: { Format: 'xml', Type: `${tnds}+xml`, Size: '99' }, Data: tree }]));
  expect(bytes.includes(Buffer.concat([Buffer.of(0x4f, 0xc3, document.length), document, Buffer.of(1)]))).toBe(true);
  expect(bytes.includes(`\x03${tnds}+wbxml\0`)).toBe(true);
  expect(bytes.includes(`\x52\x03${document.length}\0`)).toBe(true);
  expect(Buffer.from(encodeWbxmlTree(tree) ?? [])).toEqual(document);
  expect(decodeWbxmlTree(document, defaultDecodeLimits)).toEqual(tree);
});

test.each([
  ['another element', '<a/>'],
  ['several elements', '<MgmtTree/><MgmtTree/>'],
  ['an element that page 2 has no word for', '<MgmtTree><Nodes/></MgmtTree>'],
  ['an attribute', '<MgmtTree><Node a="1"/></MgmtTree>'],
  ['text beside elements', '<MgmtTree>x<Node/></MgmtTree>'],
])('markup with %s is written as text', (_, markup) => {
  const Meta = { Type: `${tnds}+xml` };
  expect(encodeWbxmlTree({ markup })).toBeUndefined();
  expect(decodeWbxml(encodeWbxml(add([{ Meta, Data: { markup } }]))).SyncBody.commands).toMatchObject([{ Item: [{ Meta, Data: markup }] }]);
});

test('a tree that no Type calls one is written as text: who reads it goes by the Type', () => {
  expect(decodeWbxml(encodeWbxml(add([{ Data: tree }]))).SyncBody.commands).toMatchObject([{ Item: [{ Data: tree.markup }] }]);
});

test('a chunk of a tree stays text', () => {
  const chunk = { Data: tree, Meta: { Type: `${tnds}+xml` }, MoreData: true } as const;
  expect(decodeWbxml(encodeWbxml(add([chunk]))).SyncBody.commands).toMatchObject([{ Item: [{ ...chunk, Data: tree.markup }] }]);
});

test('a Type that is said for all Items stays true for each', () => {
  const both = decodeWbxml(encodeWbxml(add([{ Data: tree }, { Data: tree }], { Type: `${tnds}+xml` }))).SyncBody.commands;
  expect(both).toEqual([{ name: 'Add', CmdID: '1', Meta: { Type: `${tnds}+xml` }, Item: [{ Data: tree }, { Data: tree }] }]);
  const mixed = encodeWbxml(add([{ Data: tree }, { Data: tree.markup }], { Format: 'xml', Type: `${tnds}+xml` }));
  expect(mixed.includes(`${tnds}+xml`)).toBe(true);
  expect(decodeWbxml(mixed).SyncBody.commands).toMatchObject([
    { Meta: { Type: `${tnds}+xml` }, Item: [{ Data: tree, Meta: { Format: 'xml', Type: `${tnds}+xml` } }, { Data: tree.markup }] },
  ]);
});

test('base64 is never called bin, which would make it the bytes themselves', () => {
  const carried = decodeWbxml(encodeWbxml(add([{ Data: 'AAH/\n/g==', Meta: { Format: 'bin' } }]))).SyncBody.commands;
  expect(carried).toMatchObject([{ Item: [{ Data: 'AAH/\n/g==', Meta: { Format: 'b64' } }] }]);
});

test('long messages, strings and documents', () => {
  const name = 'ü'.repeat(100_000);
  const nodes = '<Node><NodeName/></Node>'.repeat(5000);
  const markup = `<MgmtTree xmlns="syncml:dmddf1.2">${nodes}</MgmtTree>`;
  const items = [{ Data: name }, { Data: { markup }, Meta: { Type: `${tnds}+xml` } }, { Data: 'end' }];
  expect(decodeWbxml(encodeWbxml(add(items))).SyncBody.commands).toEqual([{ name: 'Add', CmdID: '1', Item: items }]);
});
