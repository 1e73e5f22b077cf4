import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { encodeNotification, verifyNotification, wrapPush, zeroNonces } from '#src/dm/notification/index.js';
import { decode, nonce, sample, secret, server, v4 } from './sample.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const digest = (bytes: Uint8Array) => hex(bytes.subarray(0, 16));

test('V4: the notification', () => {
  expect(hex(encodeNotification(sample, secret, nonce))).toBe(hex(v4));
  expect(decode(v4)).toMatchObject({ ...sample, version: 11, isFramed: false });
  expect(verifyNotification(decode(v4), server, nonce)).toBe(true);
});

test('the password itself makes the same as what is kept of it', () => {
  const password = { kind: 'password', value: 'srvsecret' } as const;
  expect(keptSecret('basic', 'dm.example', 'srvsecret', true)).toEqual(password);
  expect(hex(encodeNotification(sample, password, nonce))).toBe(hex(v4));
});

test('V4a: the nonce of four zero bytes', () => {
  expect(digest(encodeNotification(sample, secret, zeroNonces.bytes))).toBe('3eedc6819e092d84a41464d34410109b');
});

test('V4b: the nonce that is the text 0x00000000', () => {
  expect(digest(encodeNotification(sample, secret, zeroNonces.text))).toBe('8c7fb02d8accc3e5a3f36fcebee172e6');
});

test('V4c: in a WSP push', () => {
  const framed = wrapPush(v4, 1);
  expect(hex(framed)).toBe(`010603c4af87${hex(v4)}`);
  expect(decode(framed)).toEqual({ ...decode(v4), isFramed: true });
  expect(verifyNotification(decode(framed), server, nonce)).toBe(true);
});

test('V4d: the session id as a session writes it', () => {
  expect(decode(v4).sessionId).toBe('A1B');
});
