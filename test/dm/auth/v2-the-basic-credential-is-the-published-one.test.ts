import { expect, test } from 'vitest';
import { basicCredential, formatCred } from '#src/dm/auth/index.js';
import { device } from '../session/messages.js';

test('V2 the basic credential is the published one', () => {
  expect(basicCredential('Bruce2', 'OhBehave')).toBe('QnJ1Y2UyOk9oQmVoYXZl');
  expect(formatCred('basic', device, undefined)?.Data).toBe('QnJ1Y2UyOk9oQmVoYXZl');
});
