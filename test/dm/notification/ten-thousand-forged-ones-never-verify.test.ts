import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeNotification, verifyNotification, zeroNonces } from '#src/dm/notification/index.js';
import { decode, nonce, sample, secret, server } from './sample.js';

const random = (seed: string) => createHash('sha256').update(seed).digest();

test('forged with another password, another nonce, or no knowledge at all', () => {
  for (let round = 0; round < 10_000; round += 1) {
    const guess = random(`forged ${round}`);
    const sessionId = (1 + (round % 0xffff)).toString(16).toUpperCase();
    const guessed = { kind: 'password', value: guess.toString('hex') } as const;
    const forged = [
      encodeNotification({ ...sample, sessionId }, guessed, nonce),
      encodeNotification({ ...sample, sessionId }, secret, guess.subarray(0, 16).toString('base64')),
      Buffer.concat([guess.subarray(0, 16), encodeNotification({ ...sample, sessionId }, secret, nonce).subarray(16)]),
    ];
    for (const bytes of forged) expect(verifyNotification(decode(bytes), server, nonce)).toBe(false);
  }
});

test('the zero nonces count only for who asks for them', () => {
  for (const zero of [zeroNonces.bytes, zeroNonces.text]) {
    const received = decode(encodeNotification(sample, secret, zero));
    expect(verifyNotification(received, server, nonce)).toBe(false);
    expect(verifyNotification(received, server, zero)).toBe(true);
  }
});

test('one that names another server is not for this account, whoever made it', () => {
  const received = decode(encodeNotification({ ...sample, serverId: 'other.example' }, secret, nonce));
  expect(verifyNotification(received, server, nonce)).toBe(false);
});
