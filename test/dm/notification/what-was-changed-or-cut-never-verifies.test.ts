import { expect, test } from 'vitest';
import { encodeNotification, verifyNotification, wrapPush } from '#src/dm/notification/index.js';
import { nonce, sample, secret, server, tryDecode, v4 } from './sample.js';

const vendored = encodeNotification({ ...sample, vendor: Buffer.from('maker') }, secret, nonce);
const forms = { bare: v4, 'with what its maker adds': vendored, framed: wrapPush(v4, 1) };

/** `verified`, `unproved`, or the code that refused it. */
function fate(bytes: Uint8Array): string {
  const received = tryDecode(bytes);
  if (typeof received === 'string') return received;
  return verifyNotification(received, server, nonce) ? 'verified' : 'unproved';
}

test.each(Object.entries(forms))('every truncation: %s', (_, bytes) => {
  expect(fate(bytes)).toBe('verified');
  for (let length = 0; length < bytes.length; length += 1) expect(fate(bytes.subarray(0, length))).toMatch(/^(unproved|notification\..+)$/);
});

test.each(Object.entries(forms))('every change of one byte: %s', (_, bytes) => {
  const head = bytes === forms.framed ? 6 : 0;
  for (let at = head; at < bytes.length; at += 1) {
    for (let flip = 1; flip < 256; flip += 1) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(fate(changed)).toMatch(/^(unproved|notification\.malformed|notification\.truncated)$/);
    }
  }
});

test('every byte of a WSP head but the transaction stands for what it is', () => {
  for (let at = 1; at < 6; at += 1) {
    for (let flip = 1; flip < 256; flip += 1) {
      const changed = Uint8Array.from(forms.framed);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(fate(changed)).not.toBe('verified');
    }
  }
});

test('a byte more', () => {
  expect(fate(Buffer.concat([v4, Uint8Array.of(0)]))).toBe('unproved');
});
