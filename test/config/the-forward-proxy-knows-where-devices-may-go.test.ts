import { expect, test } from 'vitest';
import { checkGatewayConfig, loadGatewayConfig } from '#src/config/index.js';
import { formatAllowedPlace, parseAllowedPlace } from '#src/config/values/allowed-place.js';
import { problemsOf, writtenFile } from './written-file.js';

const device = (lines: string) => `devices:\n  - id: a\n    clientPassword: x\n    ${lines}\n`;

test.each([
  ['dm.example', { host: 'dm.example', port: 443 }],
  ['DM.Example:8443', { host: 'dm.example', port: 8443 }],
  ['192.0.2.7:80', { host: '192.0.2.7', port: 80 }],
  ['192.0.2.0/24', { host: '192.0.2.0', prefix: 24, port: 443 }],
  ['[2001:db8::1]:8443', { host: '2001:db8::1', port: 8443 }],
  ['[fd00::/8]:443', { host: 'fd00::', prefix: 8, port: 443 }],
])('%s is a place, and is written back as one', (text, place) => {
  expect(parseAllowedPlace(text)).toEqual(place);
  expect(parseAllowedPlace(formatAllowedPlace(place))).toEqual(place);
});

test.each([
  '',
  'dm.example:',
  'dm.example:0',
  'dm.example:65536',
  'https://dm.example',
  'dm.example/dm',
  '*.example',
  'a b',
  'user@dm.example',
  '2001:db8::1',
  '192.0.2.0/33',
  '192.0.2.0/0',
  '192.0.2.0/24/24',
  '[192.0.2.1]:443',
  '[dm.example]:443',
  'dm.example/24',
])('%j is none', (text) => {
  expect(parseAllowedPlace(text)).toBeUndefined();
  expect(problemsOf(`transparent:\n  allow: [${JSON.stringify(text)}]\n`)).toMatchObject([
    { key: 'transparent.allow[0]', allowed: expect.stringContaining('dm.example:8443') },
  ]);
});

test('an address is proof for one device, and only for a transparent one', () => {
  const two = `${device('mode: transparent\n    fromAddress: 192.168.1.20')}  - id: b\n    clientPassword: x\n    mode: transparent\n    fromAddress: 192.168.1.20\n`;
  expect(problemsOf(two)).toMatchObject([{ key: 'devices[1].fromAddress' }]);
  expect(checkGatewayConfig(writtenFile(device('fromAddress: 192.168.1.20'))).map(({ message }) => message)).toContainEqual(
    expect.stringContaining('devices[0].fromAddress has no effect'),
  );
});

test('it has a port of its own, and none unless one is written', () => {
  expect(loadGatewayConfig(writtenFile('{}')).transparent.port).toBeUndefined();
  expect(problemsOf('transparent:\n  port: 8443\n')).toMatchObject([{ key: 'transparent.port' }]);
});

test('passwords without TLS, and addresses as proof, are warned about', () => {
  const text = `${device('mode: transparent\n    fromAddress: 192.168.1.20')}transparent:\n  port: 3128\n`;
  expect(checkGatewayConfig(writtenFile(text)).map(({ key }) => key)).toEqual(
    expect.arrayContaining(['transparent.port', 'devices[0].fromAddress']),
  );
  expect(checkGatewayConfig(writtenFile('transparent:\n  port: 3128\n  tls: true\n'))).toEqual([]);
});
