import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStateDirectory } from '#src/security/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const open = (directory: string) => () => openStateDirectory({ env: { STATE_DIRECTORY: directory } });

it('is made in the home directory, for its owner alone', () => {
  const home = temporaryDirectory();
  const directory = openStateDirectory({ env: {}, home });
  expect(directory).toBe(join(home, '.local/state/postern'));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

it('is the first of STATE_DIRECTORY where that is set', () => {
  const directory = join(temporaryDirectory(), 'state');
  expect(open(`${directory}:/elsewhere`)()).toBe(directory);
  expect(open(directory)()).toBe(directory);
});

it.each([0o750, 0o701, 0o777])('refuses mode %o', (mode) => {
  const directory = temporaryDirectory();
  chmodSync(directory, mode);
  expect(open(directory)).toThrow(`run \`chmod 700 ${directory}\``);
});

it('refuses a directory of somebody else', () => {
  const directory = temporaryDirectory();
  const { uid } = statSync(directory);
  expect(() => openStateDirectory({ env: { STATE_DIRECTORY: directory }, uid: uid + 1 })).toThrow(`belongs to user ${uid}`);
});

it('refuses a link to elsewhere', () => {
  const parent = temporaryDirectory();
  symlinkSync(temporaryDirectory(), join(parent, 'state'));
  expect(open(join(parent, 'state'))).toThrow(/is a symbolic link to/);
});

it('follows the link that systemd makes for a dynamic user', () => {
  const parent = temporaryDirectory();
  mkdirSync(join(parent, 'private/postern'), { recursive: true, mode: 0o700 });
  symlinkSync('private/postern', join(parent, 'postern'));
  expect(open(join(parent, 'postern'))()).toBe(join(parent, 'postern'));
});

it('refuses a file in it that others can read', () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'gateway.db');
  writeFileSync(file, '', { mode: 0o600 });
  expect(open(directory)()).toBe(directory);
  chmodSync(file, 0o604);
  expect(open(directory)).toThrow(`run \`chmod 600 ${file}\``);
});
