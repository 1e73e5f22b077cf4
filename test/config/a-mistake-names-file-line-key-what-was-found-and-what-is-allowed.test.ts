import { expect, test } from 'vitest';
import { refusalOf, writtenFile } from './written-file.js';

test('a wrong value', () => {
  const file = writtenFile('# first\nsouth:\n  tls: true\n\n  port: 99999\n');
  const error = refusalOf(file);
  expect(error.problems).toEqual([
    {
      file,
      line: 5,
      key: 'south.port',
      found: '99999',
      allowed: 'a port from 1 to 65535, 0 for any free one',
      message: 'south.port is 99999; allowed: a port from 1 to 65535, 0 for any free one',
    },
  ]);
  expect(error.message).toBe(
    `The configuration ${file} has 1 mistake:\n${file}:5: south.port is 99999; allowed: a port from 1 to 65535, 0 for any free one`,
  );
});

test('a missing key is reported where its entry begins', () => {
  const [missing] = refusalOf(writtenFile('devices:\n  - id: a\n    clientPassword: x\n  - clientPassword: x\n')).problems;
  expect(missing).toMatchObject({ line: 4, key: 'devices[1].id', found: 'missing' });
});

test('a value behind an alias is reported where it stands', () => {
  const [wrong] = refusalOf(writtenFile('gateway: &a\n  name: 5\nsouth: *a\n')).problems;
  expect(wrong).toMatchObject({ line: 2, key: 'gateway.name', found: '5' });
});
