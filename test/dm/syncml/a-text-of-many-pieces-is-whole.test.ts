import { expect, test } from 'vitest';
import { defaultDecodeLimits, escapeXml, readXml } from '#src/dm/syncml/index.js';
import { dataOf, decode, decodeWbxml, encode, inData } from './sample.js';
import { inWbxmlData, opaque } from './wbxml-sample.js';

// Few pieces are put together otherwise than many, and short ones otherwise than long ones.
const few = 3;
const many = 3_000;
const long = 'long enough to be a piece of its own '.repeat(20);

test.each([few, many])('references between characters, in XML, %i times', (times) => {
  const piece = { written: 'a&#x1F600;\r\n&lt;]]&#13;', read: 'a😀\n<]]\r' };
  const mixed = (text: string) => text.repeat(times) + long + text.repeat(times) + long;
  expect(dataOf(decode(inData(mixed(piece.written))))).toBe(mixed(piece.read));
});

test.each([few, many])('line ends in a section and white space in an attribute, %i times', (times) => {
  expect(dataOf(decode(inData(`<![CDATA[${'a\r\n\r'.repeat(times)}]]>`)))).toBe('a\n\n'.repeat(times));
  const { attributes } = readXml(`<a b="${'a\r\n\r&#9;\t'.repeat(times)}"/>`, defaultDecodeLimits);
  expect(attributes?.get('b')).toBe('a  \t '.repeat(times));
});

test.each([few, many])('strings, entities and opaque bytes, in WBXML, %i times', (times) => {
  const piece = Buffer.concat([Buffer.from([0x02, 0x87, 0xec, 0x00]), opaque('é'), Buffer.from('\x03ab\0\x02\x26', 'latin1')]);
  const pieces = Buffer.concat(Array.from({ length: times }, () => piece));
  const message = decodeWbxml(inWbxmlData(['x', pieces, long, pieces]));
  expect(dataOf(message)).toBe(`x${'😀éab&'.repeat(times)}${long}${'😀éab&'.repeat(times)}`);
});

test.each([few, many])('what has to be escaped, %i times', (times) => {
  expect(escapeXml(`a<&>\r"${long}`.repeat(times))).toBe(`a&lt;&amp;&gt;&#13;"${long}`.repeat(times));
  const text = 'é<&>\r"😀'.repeat(times);
  expect(dataOf(decode(encode(decode(inData(escapeXml(text))))))).toBe(text);
});
