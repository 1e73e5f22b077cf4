import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '#src/cli/index.js';
import { MemoryGateway } from '../api/memory-gateway.js';
import { MemorySmallServer } from '../api/memory-small-server.js';
import { serveGateway, serveSmallServer, temporaryFolder } from '../api/served.js';
import { idlePorts, runVerb } from './run-verb.js';

function fileWith(text: string): string {
  const file = join(temporaryFolder(), 'password.txt');
  writeFileSync(file, text);
  return file;
}

const ofAccount = ['--account-server-id', 'operator', '--account-address', 'https://dm.example/dm'];

it('a file, its line end left out', async () => {
  const gateway = new MemoryGateway();
  await runVerb(['devices', 'add', '--id', 'urn:x', '--password-file', fileWith(' spaced \r\n'), '--socket', await serveGateway(gateway)]);
  expect(gateway.calls).toMatchObject([['addDevice', { clientPassword: ' spaced ' }]]);
});

it('standard input and the environment', async () => {
  const gateway = new MemoryGateway();
  await runVerb(
    ['devices', 'add', '--id', 'urn:x', ...ofAccount, '--account-password-file', '-', '--socket', await serveGateway(gateway)],
    {
      readStandardInput: async () => 'from-stdin\n',
      env: { POSTERN_DEVICE_SERVER_PASSWORD: 'from-env', POSTERN_ACCOUNT_SERVER_PASSWORD: 'too' },
    },
  );
  const accounts = [{ serverId: 'operator', clientPassword: 'from-stdin', serverPassword: 'too' }];
  expect(gateway.calls).toMatchObject([['addDevice', { serverPassword: 'from-env', accounts }]]);
});

it('for accounts and for clients of the small server', async () => {
  const gateway = new MemoryGateway();
  const account = ['accounts', 'add', '--server-id', 'operator', '--address', 'https://dm.example/dm'];
  await runVerb([...account, '--socket', await serveGateway(gateway)], { env: { POSTERN_ACCOUNT_PASSWORD: 'a' } });
  expect(gateway.calls).toMatchObject([['addAccount', { clientPassword: 'a', serverId: 'operator' }]]);
  const server = new MemorySmallServer();
  const client = ['server', 'clients', 'add', '--id', 'urn:x', '--socket', await serveSmallServer(server)];
  await runVerb(client, { env: { POSTERN_CLIENT_PASSWORD: 'c' } });
  expect(server.added).toMatchObject([{ id: 'urn:x', clientPassword: 'c' }]);
});

it('standard input has one reader', async () => {
  const { err, code } = await runVerb(['devices', 'add', '--id', 'urn:x', '--password-file', '-', '--server-password-file', '-']);
  expect([code, err]).toEqual([2, 'postern: Standard input can be read only once; give "-" to one option alone.\n']);
});

it.each([
  ['nothing', ''],
  ['two lines', 'one\ntwo\n'],
  ['too much', 'x'.repeat(256)],
])('a file with %s is refused', async (_what, text) => {
  const { err, code } = await runVerb(['devices', 'add', '--id', 'urn:x', '--password-file', fileWith(text)]);
  expect([code, err]).toEqual([2, expect.stringMatching(/it must be one line of 1 to 255 characters/)]);
});

it('one that is needed and missing is asked for by name', async () => {
  const { err, code } = await runVerb(['devices', 'add', '--id', 'urn:x', ...ofAccount]);
  expect([code, err]).toEqual([2, expect.stringMatching(/--account-password-file, or set POSTERN_ACCOUNT_PASSWORD/)]);
});

it('never from the command line itself', () => {
  const options = everyCommand(buildProgram(idlePorts, () => {})).flatMap((command) => command.options);
  const suspicious = options.filter(({ long }) => /password|secret/.test(long ?? '') && !long?.endsWith('-file'));
  expect(suspicious.map(({ long }) => long)).toEqual([]);
  expect(options.length).toBeGreaterThan(50);
});

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
