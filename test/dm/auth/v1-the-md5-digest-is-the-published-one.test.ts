import { expect, test } from 'vitest';
import { formatCred, md5Credential, secretDigest } from '#src/dm/auth/index.js';
import { base64, device } from '../session/messages.js';

test('V1 the MD5 digest is the published one', () => {
  const nonce = base64('Nonce');
  expect(md5Credential(secretDigest('Bruce2', 'OhBehave'), nonce)).toBe('Zz6EivR3yeaaENcRN6lpAQ==');
  expect(formatCred('md5', device, nonce)).toEqual({ Meta: { Format: 'b64', Type: 'syncml:auth-md5' }, Data: 'Zz6EivR3yeaaENcRN6lpAQ==' });
});
