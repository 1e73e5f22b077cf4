import { expect, test } from 'vitest';
import { decodeNotification, encodeNotification } from '#src/dm/notification/index.js';
import { decode, nonce, sample, secret, tryDecode, v4 } from './sample.js';

function changed(at: number, ...bytes: number[]): Uint8Array {
  const copy = Uint8Array.from(v4);
  copy.set(bytes, at);
  return copy;
}

test('a session id of 0', () => {
  expect(() => decode(changed(21, 0, 0))).toThrow('at byte 21: the session id is 0');
});

test('no server', () => {
  expect(() => decode(changed(23, 0))).toThrow('at byte 23: it names no server');
});

test('a server id that is not UTF-8', () => {
  expect(() => decode(changed(24, 0xff))).toThrow('at byte 24: the server id is not UTF-8');
});

test('a version of which the layout is not known', () => {
  expect(() => decode(changed(16, 0x03, 0x58))).toThrow('at byte 16: version 1.3 is not known');
});

test('the version of the protocol in the place of its own', () => {
  expect(decode(changed(16, 0x03, 0x18))).toMatchObject({ version: 12, uiMode: 'background', initiator: 'server' });
});

test('a server id longer than what there is', () => {
  expect(() => decode(changed(23, 11))).toThrow('ends at byte 34');
});

test('one byte more than the limit', () => {
  expect(() => decodeNotification(v4, { bytes: 33 })).toThrow('has 34 bytes; the limit is 33');
  expect(tryDecode(new Uint8Array(1_025))).toBe('notification.too-large');
});

test.each([
  ['no session', { sessionId: '0' }],
  ['a session id with a leading zero', { sessionId: '0A' }],
  ['a session id of five digits', { sessionId: '12345' }],
  ['no server', { serverId: '' }],
  ['a server id of 256 bytes', { serverId: 'x'.repeat(256) }],
])('nothing is written for %s', (_, change) => {
  expect(() => encodeNotification({ ...sample, ...change }, secret, nonce)).toThrow('A notification cannot carry');
});
