import { expect, test } from 'vitest';
import { formatCred, verifyCred } from '#src/dm/auth/index.js';
import { base64, device } from '../session/messages.js';

const nonce = base64('Nonce');
const other = { ...device, secret: { kind: 'password', value: 'Misbehave' } } as const;
const md5 = formatCred('md5', device, nonce);
const basic = formatCred('basic', device, undefined);
const misnamed = { Meta: { Type: 'syncml:auth-md5' }, Data: base64('Bruce2:OhBehave') };
const unsalted = formatCred('md5', device, '');
const ab = { userName: 'a', secret: { kind: 'password', value: 'ab' } } as const;

test.each([
  { what: 'the right digest', cred: md5, scheme: 'md5', identity: device, nonce, taken: true },
  { what: 'another nonce', cred: md5, scheme: 'md5', identity: device, nonce: base64('Other'), taken: false },
  { what: 'no nonce to compare with', cred: md5, scheme: 'md5', identity: device, nonce: undefined, taken: false },
  { what: 'another password', cred: md5, scheme: 'md5', identity: other, nonce, taken: false },
  { what: 'another name', cred: md5, scheme: 'md5', identity: { ...device, userName: 'Bruce3' }, nonce, taken: false },
  { what: 'MD5 where basic is demanded', cred: md5, scheme: 'basic', identity: device, nonce, taken: false },
  { what: 'basic', cred: basic, scheme: 'basic', identity: device, nonce: undefined, taken: true },
  { what: 'basic where MD5 is demanded', cred: basic, scheme: 'md5', identity: device, nonce, taken: false },
  { what: 'basic with another password', cred: basic, scheme: 'basic', identity: other, nonce: undefined, taken: false },
  { what: 'basic without a colon', cred: { Data: base64('Bruce2') }, scheme: 'basic', identity: device, nonce: undefined, taken: false },
  { what: 'basic under the name of MD5', cred: misnamed, scheme: 'basic', identity: device, nonce, taken: false },
  { what: 'an empty nonce where none is known', cred: unsalted, scheme: 'md5', identity: device, nonce: undefined, taken: false },
  { what: 'a text that could be cut in two', cred: { Data: base64('ab') }, scheme: 'basic', identity: ab, nonce: undefined, taken: false },
  {
    what: 'a scheme of nobody',
    cred: { Meta: { Type: 'syncml:auth-x' }, Data: 'x' },
    scheme: 'basic',
    identity: device,
    nonce,
    taken: false,
  },
] as const)('$what: $taken', ({ cred, scheme, identity, nonce, taken }) => {
  expect(cred && verifyCred(cred, scheme, identity, nonce)).toBe(taken);
});
