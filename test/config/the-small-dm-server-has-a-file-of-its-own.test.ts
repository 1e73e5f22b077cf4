import { expect, test } from 'vitest';
import { checkSmallServerConfig, loadSmallServerConfig } from '#src/config/index.js';
import { besides, refusalOf, writtenFile } from './written-file.js';

const content = `serverId: operator
tls: { cert: cert.pem, key: key.pem }
devices:
  - { id: a, clientPassword: hunter2, scheme: basic }
`;

test('with the same machinery', () => {
  const file = writtenFile(content);
  besides(file, 'cert.pem', '', 0o644);
  besides(file, 'key.pem', '');
  expect(loadSmallServerConfig(file)).toMatchObject({ serverId: 'operator', port: 9443, devices: [{ id: 'a', scheme: 'basic' }] });
  expect(checkSmallServerConfig(file)).toMatchObject([{ line: 4, key: 'devices[0].clientPassword' }]);
});

test('which refuses a key that others can read, half a pair, and a device twice', () => {
  const file = writtenFile('tls: { key: key.pem }\ndevices: [{ id: a, clientPassword: x }, { id: a, clientPassword: x }]\n');
  besides(file, 'key.pem', '', 0o644);
  expect(refusalOf(file, loadSmallServerConfig).problems.map((problem) => problem.key)).toEqual(['tls.cert', 'tls.key', 'devices[1].id']);
});
