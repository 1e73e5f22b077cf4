import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway, temporaryFolder } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function open() {
  const gateway = new MemoryGateway();
  const socket = await serveGateway(gateway);
  const file = join(temporaryFolder(), 'bundle.json');
  const run = (...args: string[]) => runVerb(['diagnostics', '--socket', socket, ...args]);
  return { gateway, file, run };
}

test('into a new file, 0600, as JSON', async () => {
  const { gateway, file, run } = await open();
  expect(await run('--output', file)).toEqual({ code: 0, out: expect.stringContaining(`${file} is written`), err: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ devicesAre: 'masked', status: { state: 'running' } });
  expect(gateway.calls).toEqual([['diagnostics', { devices: 'masked' }]]);
});

test('to standard output without one, and with devices only for whoever asks for them', async () => {
  const { gateway, run } = await open();
  const { code, out } = await run('--devices');
  expect([code, JSON.parse(out).devicesAre]).toEqual([0, 'shown']);
  expect(gateway.calls).toEqual([['diagnostics', { devices: 'shown' }]]);
});

test('never over a file that is there', async () => {
  const { gateway, file, run } = await open();
  writeFileSync(file, 'mine');
  expect(await run('--output', file)).toMatchObject({ code: 2, err: expect.stringContaining('Cannot write') });
  expect([readFileSync(file, 'utf8'), gateway.calls]).toEqual(['mine', []]);
});
