import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { besides, refusalOf, writtenFile } from './written-file.js';

const device = (secret: string) => `devices:\n  - id: a\n    clientPassword: ${secret}\n`;
const reveal = (file: string, environment = {}) => loadGatewayConfig(file, environment).devices[0]?.clientPassword?.reveal();

test.each([
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  [' hunter2 ', ' hunter2 '],
])('a file with %j, relative to the configuration', (content, secret) => {
  const file = writtenFile(device('{ file: secrets/a }'));
  besides(file, 'secrets/a', content);
  expect(reveal(file)).toBe(secret);
});

test('the environment, the value, or the text alone', () => {
  expect(reveal(writtenFile(device('{ env: SECRET }')), { SECRET: 'hunter2' })).toBe('hunter2');
  expect(reveal(writtenFile(device('{ value: "123" }')))).toBe('123');
  expect(reveal(writtenFile(device('hunter2')))).toBe('hunter2');
});

test.each([
  ['{ env: SECRET }', 'environment variable SECRET: not set'],
  ['{ file: absent }', 'there is no such file'],
  ['{ file: two-lines }', 'more than one line'],
  ['{ file: empty }', 'empty'],
  ['{ env: A, value: b }', 'env and value'],
  ['{}', 'without any'],
  ['""', 'empty'],
  ['123', 'a number (not shown)'],
])('%s is refused', (secret, found) => {
  const file = writtenFile(device(secret));
  besides(file, 'two-lines', 'a\n\n');
  besides(file, 'empty', '\n');
  expect(refusalOf(file).problems).toMatchObject([{ line: 3, key: 'devices[0].clientPassword', found: expect.stringContaining(found) }]);
});

test('a file that everybody can read is refused with what to do; its group may', () => {
  const file = writtenFile(device('{ file: secret }'));
  besides(file, 'secret', 'hunter2', 0o644);
  expect(refusalOf(file).message).toContain(`run: chmod 600 ${join(dirname(file), 'secret')}`);
  besides(file, 'secret', 'hunter2', 0o640);
  expect(reveal(file)).toBe('hunter2');
});
