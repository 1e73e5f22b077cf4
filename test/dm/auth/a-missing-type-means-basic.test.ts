import { expect, test } from 'vitest';
import { schemeOf, verifyCred } from '#src/dm/auth/index.js';
import { device } from '../session/messages.js';

test('a missing Type means basic', () => {
  expect(schemeOf(undefined)).toBe('basic');
  expect(schemeOf({})).toBe('basic');
  expect(schemeOf({ Type: 'SyncML:Auth-MD5' })).toBe('md5');
  expect(verifyCred({ Data: 'QnJ1Y2UyOk9oQmVoYXZl' }, 'basic', device, undefined)).toBe(true);
});
