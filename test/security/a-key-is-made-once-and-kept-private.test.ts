import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSealer } from '#src/security/index.js';
import { temporaryDirectory } from './temporary-directory.js';

it('makes a key of 32 bytes, readable by its owner alone, and uses it again', () => {
  const directory = temporaryDirectory();
  const first = loadSealer({ directory, env: {} });
  const key = join(directory, 'key');
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(readFileSync(key)).toHaveLength(32);
  expect(readdirSync(directory)).toEqual(['key']);
  expect(loadSealer({ directory, env: {} }).open(first.seal('x', 'a'), 'a')).toBe('x');
});

it('refuses a key that others can read, and says what to do', () => {
  const directory = temporaryDirectory();
  loadSealer({ directory, env: {} });
  chmodSync(join(directory, 'key'), 0o640);
  expect(() => loadSealer({ directory, env: {} })).toThrow(`mode 0640): run \`chmod 600 ${join(directory, 'key')}\``);
});

it('takes the key from POSTERN_KEY_FILE, raw or hexadecimal, and makes none', () => {
  const directory = temporaryDirectory();
  const raw = keyFile(temporaryDirectory(), Buffer.alloc(32, 5));
  const hex = keyFile(temporaryDirectory(), `${'05'.repeat(32)}\n`);
  const sealed = loadSealer({ directory, env: { POSTERN_KEY_FILE: raw } }).seal('x', 'a');
  expect(loadSealer({ directory, env: { POSTERN_KEY_FILE: hex } }).open(sealed, 'a')).toBe('x');
  expect(readdirSync(directory)).toEqual([]);
});

it('refuses a given key that others can read, is too short or is missing', () => {
  const directory = temporaryDirectory();
  const load = (file: string) => () => loadSealer({ directory, env: { POSTERN_KEY_FILE: file } });
  const open = keyFile(temporaryDirectory(), Buffer.alloc(32));
  chmodSync(open, 0o644);
  expect(load(open)).toThrow(/chmod 600/);
  expect(load(keyFile(temporaryDirectory(), 'short'))).toThrow(/has 5 bytes, but a key is 32/);
  expect(load(join(directory, 'missing'))).toThrow(/does not exist/);
});

it('takes a systemd credential, which its group may read but nobody else', () => {
  const directory = temporaryDirectory();
  const credentials = temporaryDirectory();
  const key = join(credentials, 'postern.key');
  writeFileSync(key, Buffer.alloc(32, 5), { mode: 0o600 });
  chmodSync(key, 0o440);
  expect(loadSealer({ directory, env: { CREDENTIALS_DIRECTORY: credentials } }).keyId).toMatch(/^[0-9a-f]{8}$/);
  expect(readdirSync(directory)).toEqual([]);
  chmodSync(key, 0o444);
  expect(() => loadSealer({ directory, env: { CREDENTIALS_DIRECTORY: credentials } })).toThrow(/chmod 600/);
});

function keyFile(directory: string, content: string | Uint8Array): string {
  const file = join(directory, 'key');
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
