import { expect, test } from 'vitest';
import type { DecodeLimits } from '#src/dm/syncml/index.js';
import { codeOf, decodeWbxml } from './sample.js';
import { inWbxmlBody, inWbxmlData, opaque, preamble, wbxml } from './wbxml-sample.js';

const value = 'a value';
const bytes = inWbxmlData([0, 2, 0x60, 0x64, 0x76, value, 1, 1, 1]);
const markup = `<MgmtTree xmlns="syncml:dmddf1.2"><Node><Value>${value}</Value></Node></MgmtTree>`;

test.each<[keyof DecodeLimits, number, string]>([
  ['bytes', bytes.length, 'syncml.too-large'],
  ['depth', 8, 'syncml.too-deep'],
  ['elements', 18, 'syncml.too-many-elements'],
  ['text', markup.length, 'syncml.text-too-long'],
])('%s may be %i and no more', (limit, enough, code) => {
  expect(codeOf(() => decodeWbxml(bytes, { [limit]: enough }))).toBe('none');
  expect(codeOf(() => decodeWbxml(bytes, { [limit]: enough - 1 }))).toBe(code);
  expect(codeOf(() => decodeWbxml(bytes, { [limit]: Number.NaN }))).toBe(code);
});

test.each<[string, (number | string | Uint8Array)[], number]>([
  ['a string', ['xxxxxxxx'], 8],
  ['strings together', ['xxxx', 'xxxx'], 8],
  ['strings beyond ASCII', ['éééééééé'], 8],
  ['entities', Array.from({ length: 8 }, () => wbxml(2, 0x41)), 8],
  ['opaque text', [opaque('xxxxxxxx')], 8],
  ['opaque text and a string', [opaque('xxxx'), 'xxxx'], 8],
  ['bytes, which become base64', [opaque(Buffer.alloc(6))], 8],
])('the limit of a text holds for %s', (_, data, length) => {
  expect(codeOf(() => decodeWbxml(inWbxmlData(data), { text: length }))).toBe('none');
  expect(codeOf(() => decodeWbxml(inWbxmlData(data), { text: length - 1 }))).toBe('syncml.text-too-long');
});

test('a document inside Data counts with the message around it', () => {
  const node = [0x64, 0x76, value, 1, 1];
  const document = wbxml(2, 1, 0x6a, 0, 0, 2, 0x60, ...node, 1);
  const whole = inWbxmlData([opaque(document)], [0x53, 'application/vnd.syncml.dmtnds+wbxml', 1]);
  expect(codeOf(() => decodeWbxml(whole, { depth: 8, elements: 20 }))).toBe('none');
  expect(codeOf(() => decodeWbxml(whole, { depth: 7 }))).toBe('syncml.too-deep');
  expect(codeOf(() => decodeWbxml(whole, { elements: 19 }))).toBe('syncml.too-many-elements');
});

test('a long string of the table that is asked for again and again does not multiply the message', () => {
  const table = Buffer.from(`${'é'.repeat(50_000)}\0`);
  const length = [0x86, 0x8d, 0x21];
  const data = inWbxmlData(Array.from({ length: 1000 }, () => wbxml(0x83, 0))).subarray(preamble.length);
  const items = inWbxmlBody(...Array.from({ length: 1000 }, () => wbxml(0x53, 0x4b, '1', 1, 0x95, 0x83, 0, 1, 1)));
  expect(table.length).toBe(100_001);
  expect(codeOf(() => decodeWbxml(Buffer.concat([wbxml(2, 0xa4, 1, 0x6a, ...length, table), data])))).toBe('syncml.text-too-long');
  const lang = Buffer.from(items.subarray(preamble.length).toString('latin1').replaceAll('\x95', '\x55'), 'latin1');
  expect(codeOf(() => decodeWbxml(Buffer.concat([wbxml(2, 0xa4, 1, 0x6a, ...length, table), lang])))).toBe('syncml.text-too-long');
});

const unbounded = { bytes: Infinity, depth: Infinity, elements: Infinity, attributes: Infinity, text: Infinity };

test('floods without limits still take linear time and no stack', () => {
  const million = 1_000_000;
  const nested = Buffer.concat(Array.from({ length: 100_000 }, () => wbxml(0x48, 0x4b, '1', 1)));
  expect(codeOf(() => decodeWbxml(inWbxmlBody(nested), unbounded))).toBe('syncml.too-deep');
  expect(codeOf(() => decodeWbxml(inWbxmlData([0, 2, Buffer.alloc(million, 0x64)]), unbounded))).toBe('syncml.too-deep');
  expect(codeOf(() => decodeWbxml(inWbxmlData([0, 2, Buffer.alloc(million, 0x24)]), unbounded))).toBe('none');
  expect(codeOf(() => decodeWbxml(inWbxmlBody(Buffer.alloc(million, 0)), unbounded))).toBe('none');
  expect(codeOf(() => decodeWbxml(inWbxmlData([Buffer.alloc(million, wbxml(2, 0x41))]), unbounded))).toBe('none');
  expect(codeOf(() => decodeWbxml(inWbxmlBody(Buffer.alloc(million, wbxml(3, 0))), unbounded))).toBe('none');
});
