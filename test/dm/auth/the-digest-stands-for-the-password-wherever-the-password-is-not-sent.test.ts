import { expect, test } from 'vitest';
import { formatCred, keptSecret, secretDigest, verifyCred } from '#src/dm/auth/index.js';
import { base64 } from '../session/messages.js';

const digest = { kind: 'digest', value: secretDigest('Bruce2', 'OhBehave') } as const;
const kept = { userName: 'Bruce2', secret: digest };

test('the digest stands for the password in MD5, and in checking basic', () => {
  expect(formatCred('md5', kept, base64('Nonce'))?.Data).toBe('Zz6EivR3yeaaENcRN6lpAQ==');
  expect(verifyCred({ Data: 'QnJ1Y2UyOk9oQmVoYXZl' }, 'basic', kept, undefined)).toBe(true);
});

test('basic cannot be sent from it', () => {
  expect(formatCred('basic', kept, undefined)).toBeUndefined();
});

test('the password is kept only to send it as basic', () => {
  expect(keptSecret('basic', 'Bruce2', 'OhBehave', true)).toEqual({ kind: 'password', value: 'OhBehave' });
  expect(keptSecret('basic', 'Bruce2', 'OhBehave', false)).toEqual(digest);
  expect(keptSecret('md5', 'Bruce2', 'OhBehave', true)).toEqual(digest);
});
