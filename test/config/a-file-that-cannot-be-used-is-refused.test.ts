import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { refusalOf, writtenFile } from './written-file.js';

const mebibyte = 1_048_576;

test('one byte over 1 MiB, and not one less', () => {
  expect(refusalOf(writtenFile('#'.repeat(mebibyte + 1))).problems).toMatchObject([
    { line: 0, key: '', allowed: expect.stringContaining('1048576') },
  ]);
  expect(loadGatewayConfig(writtenFile('#'.repeat(mebibyte)), {})).toEqual(loadGatewayConfig(undefined, {}));
});

test('absent, a folder, or a pipe that nobody writes to', () => {
  const folder = dirname(writtenFile(''));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(refusalOf(join(folder, 'absent.yaml')).message).toContain('absent.yaml: the file cannot be used: there is no such file');
  expect(refusalOf(folder).message).toContain('not a regular file');
  expect(refusalOf(join(folder, 'pipe')).message).toContain('not a regular file');
});

test('not UTF-8', () => {
  expect(refusalOf(writtenFile(Uint8Array.of(0x61, 0x3a, 0xff))).problems).toMatchObject([{ found: 'not UTF-8' }]);
});

test('not a map of keys', () => {
  for (const content of ['just words', '- a list', '5'])
    expect(refusalOf(writtenFile(content)).problems).toMatchObject([{ line: 1, allowed: 'a map of keys' }]);
});
