import { expect, test } from 'vitest';
import { keysOf } from './written-file.js';

const file = `
gateway:
  name: 5
south:
  port: 8443
  port: 99999
  plainPort: 9000
  prot: 1
north:
  answerTimeout: 30s
  trust: [missing.pem]
devices:
  - id: a
    clientPassword: { file: missing }
    accounts:
      - { serverId: s, address: http://s.example, clientPassword: { env: MISSING } }
      - { serverId: "s s", address: https://s.example, clientPassword: x }
  - id: a
    clientPassword: ""
health: { port: 9000 }
`;

test('wrong values, unknown and doubled keys, files, secrets and what keys demand of each other, in the order of the file', () => {
  expect(keysOf(file)).toEqual([
    'gateway.name',
    'south.port',
    'south.port',
    'south.prot',
    'north.answerTimeout',
    'north.trust[0]',
    'devices[0].clientPassword',
    'devices[0].accounts[0].clientPassword',
    'devices[0].accounts[0].address',
    'devices[0].accounts[1].serverId',
    'devices[1].id',
    'devices[1].clientPassword',
    'health.port',
  ]);
});

test('a list that is too long hides no mistake in its entries', () => {
  const right = '{ serverId: s, address: https://s, clientPassword: x }';
  const wrong = '{ serverId: s s, address: https://s, clientPassword: x }';
  const accounts = [...Array.from({ length: 16 }, () => right), wrong].join(', ');
  const found = keysOf(`devices: [{ id: a, clientPassword: x, accounts: [${accounts}] }]`);
  expect(found).toContain('devices[0].accounts');
  expect(found).toContain('devices[0].accounts[16].serverId');
});
