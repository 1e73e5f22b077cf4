import { expect, test } from 'vitest';
import { notificationWarnings } from '#src/dm/notification/index.js';
import { decode, tryDecode, v4 } from './sample.js';

const text = (value: string) => [...Buffer.from(value), 0];
const framed = (headers: readonly number[]) => Buffer.concat([Uint8Array.of(7, 0x06, headers.length, ...headers), v4]);

test.each([
  ['the numbers of both', [0xc4, 0xaf, 0x87]],
  ['the application id as a text', [0xc4, 0xaf, ...text('x-wap-application:syncml.dm')]],
  ['the content type as a text', [...text('application/vnd.syncml.notification'), 0xaf, 0x87]],
  ['the name of the header as a text', [0xc4, ...text('X-WAP-Application-Id'), 0x87]],
  ['a header before it', [0xc4, 0x8d, 0x02, 0x01, 0x00, 0xaf, 0x87]],
  ['a header after it', [0xc4, 0xaf, 0x87, ...text('X-A'), ...text('b')]],
])('%s', (_, headers) => {
  expect(decode(framed(headers))).toEqual({ ...decode(v4), isFramed: true });
});

test.each([
  ['another application', [0xc4, 0xaf, 0x88]],
  ['no application', [0xc4]],
  ['another content type', [0xc5, 0xaf, 0x87]],
  ['a number of the application in the place of a name', [0xc4, 0x8d, 0xaf, 0x87, 0x81]],
  ['a value longer than the head', [0xc4, 0xaf, 0x87, 0x8d, 0x05]],
  ['a text without an end', [0xc4, 0xaf, 0x87, 0x41]],
  ['a head of more than 48 bytes', [0xc4, 0xaf, 0x87, ...text('X-Long'), ...text('b'.repeat(48))]],
])('not with %s', (_, headers) => {
  const read = tryDecode(framed(headers));
  expect(typeof read === 'string' || !read.isFramed).toBe(true);
});

test('a digest that begins like a push is still a digest', () => {
  const bytes = Buffer.concat([Uint8Array.of(1, 0x06, 3, 0xc4, 0xaf), v4.subarray(5)]);
  expect(decode(bytes)).toMatchObject({ isFramed: false, serverId: 'dm.example' });
});

test('a server id that some clients do not take is warned of', () => {
  expect(notificationWarnings({ serverId: 'x'.repeat(23) })).toEqual([]);
  expect(notificationWarnings({ serverId: 'x'.repeat(24) })).toEqual([expect.stringContaining('has 24 bytes')]);
});
