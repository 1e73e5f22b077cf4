import { expect, it } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

const env = { POSTERN_ACCOUNT_PASSWORD: 'p' };
const account = ['accounts', 'add', '--device', 'urn:x', '--server-id', 'enterprise', '--address', 'https://dm.example/dm'];

it('for an account, with its priority and polling', async () => {
  const gateway = new MemoryGateway();
  const socket = await serveGateway(gateway);
  const rights = ['--right', './DevInfo=Get,Exec', '--right', './Odd=Name=Get', '--right', './Vendor='];
  const { code } = await runVerb([...account, '--priority', '5', '--polling', '15m', ...rights, '--socket', socket], { env });
  expect(code).toBe(0);
  const table = { './DevInfo': ['Get', 'Exec'], './Odd=Name': ['Get'], './Vendor': [] };
  expect(gateway.calls).toMatchObject([['addAccount', { priority: 5, polling: 900_000, rights: table }]]);
  const { out } = await runVerb(['accounts', 'list', '--socket', socket]);
  expect(out).toContain('./DevInfo=Get,Exec ./Odd=Name=Get ./Vendor=');
});

it('for the account of a device that is added', async () => {
  const gateway = new MemoryGateway();
  const options = ['--account-server-id', 'operator', '--account-address', 'https://dm.example/dm', '--account-priority', '1'];
  const more = [...options, '--account-right', './DevInfo=Get', '--account-polling', 'never', '--socket', await serveGateway(gateway)];
  await runVerb(['devices', 'add', '--id', 'urn:x', ...more], { env });
  expect(gateway.calls).toMatchObject([['addDevice', { accounts: [{ priority: 1, polling: 'never', rights: { './DevInfo': ['Get'] } }] }]]);
});

it('without any the server may do everything, and an empty table is shown as nothing', async () => {
  const gateway = new MemoryGateway();
  const socket = await serveGateway(gateway);
  await runVerb([...account, '--socket', socket], { env });
  expect(gateway.calls[0]?.[1]).not.toHaveProperty('rights');
  const one = gateway.accounts[0];
  if (one !== undefined) gateway.accounts.push({ ...one, serverId: 'other', rights: {} });
  const { out } = await runVerb(['accounts', 'list', '--socket', socket]);
  expect(out).toMatch(/enterprise .*everything[\s\S]*other .*nothing/);
});

it.each([
  [['--right', './DevInfo'], /Write a node, = and the commands/],
  [['--right', '=Get'], /Write a node, = and the commands/],
  [['--right', './A=Get', '--right', './A=Exec'], /has its commands already/],
  [['--right', './A=Fetch'], /one of "Get"/],
  [['--priority', 'high'], /Write a whole number/],
])('%j is refused', async (options, sentence) => {
  const gateway = new MemoryGateway();
  const { code, err } = await runVerb([...account, ...options, '--socket', await serveGateway(gateway)], { env });
  expect(code).not.toBe(0);
  expect(err).toMatch(sentence);
  expect(gateway.calls).toEqual([]);
});
