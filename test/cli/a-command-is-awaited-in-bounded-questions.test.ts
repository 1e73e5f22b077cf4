import { expect, it } from 'vitest';
import type { CommandResult } from '#src/control/index.js';
import { MemorySmallServer } from '../api/memory-small-server.js';
import { serveSmallServer } from '../api/served.js';
import { runVerb } from './run-verb.js';

const get = ['server', 'get', 'urn:imei:1', './DevInfo/Man'];
const man = { uri: './DevInfo/Man', format: 'chr', data: 'Postern' };

async function runGet(result: Partial<CommandResult>, ...more: string[]) {
  const server = new MemorySmallServer();
  server.results.set('1', { id: '1', client: 'urn:imei:1', state: 'done', statuses: [], results: [], ...result });
  return { server, ...(await runVerb([...get, ...more, '--socket', await serveSmallServer(server)])) };
}

it('without --wait the id is told and nothing asked', async () => {
  const { server, out, code } = await runGet({});
  expect(server.queued).toEqual([{ id: 'urn:imei:1', trigger: false, command: 'Get', uri: './DevInfo/Man' }]);
  expect([server.waits, out, code]).toEqual([[], 'Queued as 1; see: postern server results 1 --wait 30\n', 0]);
});

it('the value is shown when it came', async () => {
  const statuses = [{ uri: './DevInfo/Man', status: 200 }];
  const { out, code, server } = await runGet({ statuses, results: [man] }, '--wait', '30');
  expect(out).toContain('./DevInfo/Man  chr     Postern\n');
  expect([server.waits, code]).toEqual([[30], 0]);
});

it('a longer wait is several questions', async () => {
  const { server, code } = await runGet({ state: 'sent' }, '--wait', '150s');
  expect([server.waits, code]).toEqual([[60, 60, 30], 6]);
});

it('the questions stop when it is over', async () => {
  const { server } = await runGet({}, '--wait', '1h');
  expect(server.waits).toEqual([60]);
});

it.each([
  ['refused', { statuses: [{ uri: './DevInfo/Man', status: 404 }] }],
  ['aborted', { state: 'aborted' as const }],
])('%s is a failure', async (_what, result) => {
  expect((await runGet(result, '--wait', '1')).code).toBe(1);
});

it('a status is told with what it says', async () => {
  const { out } = await runGet({ statuses: [{ uri: './DevInfo/Man', status: 404 }] }, '--wait', '1');
  expect(out).toContain('404     ./DevInfo/Man  there is no such node\n');
});

it('results asks once', async () => {
  const server = new MemorySmallServer();
  server.results.set('7', { id: '7', client: 'urn:imei:1', state: 'done', statuses: [], results: [man] });
  const { out } = await runVerb(['server', 'results', '7', '--json', '--socket', await serveSmallServer(server)]);
  expect([server.waits, JSON.parse(out)]).toEqual([[0], { id: '7', client: 'urn:imei:1', state: 'done', statuses: [], results: [man] }]);
});

it('a value is sent with its format', async () => {
  const server = new MemorySmallServer();
  const args = ['server', 'replace', 'urn:imei:1', './A', '--data', '5', '--format', 'int', '--socket', await serveSmallServer(server)];
  await runVerb(args);
  expect(server.queued).toEqual([{ id: 'urn:imei:1', trigger: false, command: 'Replace', uri: './A', data: '5', format: 'int' }]);
});

it('alone, server runs the small server and clients lists them', async () => {
  const { code } = await runVerb(['server', '--state', '/x'], { server: async ({ state }) => (state === '/x' ? 9 : 0) });
  expect(code).toBe(9);
  const { out } = await runVerb(['server', 'clients', '--socket', await serveSmallServer(new MemorySmallServer())]);
  expect(out).toMatch(/^urn:imei:1 +md5 +Postern +Virtual +0 +- +-$/m);
});
