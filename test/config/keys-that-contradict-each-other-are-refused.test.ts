import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { problemsOf, writtenFile } from './written-file.js';

const account = (serverId: string, more = 'address: https://s.example') => `{ serverId: ${serverId}, clientPassword: x, ${more} }`;
const device = (id: string, accounts = '') => `{ id: ${id}, clientPassword: x, accounts: [${accounts}] }`;

test.each([
  [`devices: [${device('a')}, ${device('b')}, ${device('a')}]`, 'devices[2].id'],
  [`accounts: [${account('s')}, ${account('s')}]`, 'accounts[1].serverId'],
  [`devices: [${device('a', `${account('s')}, ${account('t')}, ${account('s')}`)}]`, 'devices[0].accounts[2].serverId'],
  ['south: { plainPort: 8443 }', 'south.plainPort'],
  ['health: { port: 8443 }', 'health.port'],
  [`accounts: [${account('s', 'address: http://s.example')}]`, 'accounts[0].address'],
  [`devices: [${device('a', account('s', 'address: HTTP://s.example'))}]`, 'devices[0].accounts[0].address'],
  [`accounts: [${account('s', 'address: http://s.example, allowPlainHttp: true')}]`, 'accounts[0].address'],
  ['limits: { deviceWait: 8s }', 'limits.deviceWait'],
  ['north: { answerTimeout: 30s }', 'north.answerTimeout'],
  ['north: { answerTimeout: 30s }\nlimits: { deviceWait: 30s }', 'limits.deviceWait'],
  ['limits: { maxMsgSize: 2MiB }', 'limits.maxMsgSize'],
  ['retry: { first: 10m }', 'retry.first'],
])('%s', (content, key) => {
  expect(problemsOf(content).map((problem) => problem.key)).toEqual([key]);
});

test.each([
  'south: { port: 0, plainPort: 0 }',
  'limits: { deviceWait: 9s }',
  'retry: { first: 5m }',
  `accounts: [${account('s', 'address: http://s.example, allowPlainHttp: true, serverPassword: x')}]`,
  `devices: [${device('a', account('s'))}, ${device('b', account('s'))}]`,
  `devices: [${device('a', `${account('s')}, ${account('t')}`)}]`,
])('%s is accepted', (content) => {
  expect(loadGatewayConfig(writtenFile(content), {})).toBeDefined();
});
