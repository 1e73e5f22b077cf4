import { expect, test } from 'vitest';
import { encodeNotification, wrapPush } from '#src/dm/notification/index.js';
import { nonce, sample, secret, v4 } from '../dm/notification/sample.js';
import { runVerb } from './run-verb.js';

const message = (bytes: Uint8Array | string, ...options: string[]) =>
  runVerb(['message', '-', ...options], { readStandardInputBytes: async () => Buffer.from(bytes) });

test.each([
  ['bare', v4, 'Package#0, 34 bytes'],
  ['in a WSP push', wrapPush(v4, 1), 'Package#0 in a WSP push, 40 bytes'],
  ['as hex digits', `${v4.toString('hex').slice(0, 40)}\n${v4.toString('hex').slice(40)}\n`, 'Package#0, 34 bytes'],
])('%s', async (_, bytes, head) => {
  const { out, code } = await message(bytes);
  expect(code).toBe(0);
  expect(out.split('\n')[0]).toBe(head);
  expect(out).toContain('version    1.1\nui mode    background\ninitiator  server\nsession    A1B\nserver     dm.example\n');
});

test('what other ends may stumble over is said', async () => {
  const serverId = 'a-server-id-of-more-than-23-bytes';
  const { out } = await message(encodeNotification({ ...sample, serverId, vendor: Uint8Array.of(0xbe, 0xef) }, secret, nonce));
  expect(out).toContain('vendor     beef\nwarning    the server id has 33 bytes');
});

test('a broken one is told with its place', async () => {
  const { err, code } = await message(v4.subarray(0, 30));
  expect(code).not.toBe(0);
  expect(err).toContain('ends at byte 30 before it is complete');
});

test('a server id cannot steer the terminal', async () => {
  const { out } = await message(encodeNotification({ ...sample, serverId: 'a\u001b[2Jb' }, secret, nonce));
  expect(out).not.toContain('\u001b');
});

test('there is nothing to convert it to', async () => {
  const { err } = await message(v4, '--to', 'xml');
  expect(err).toContain('has one encoding only');
});
