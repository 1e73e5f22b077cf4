import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../security/temporary-directory.js';
import { bootstrapFor } from '../../virtual-device/device.js';
import { ask, DmServer } from '../../virtual-device/dm-server.js';

/** The device as a process of its own, from the build. */
function start(url: string, ...options: string[]) {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'dmacc.xml'), bootstrapFor(url), { mode: 0o600 });
  const main = resolve(import.meta.dirname, '../../../dist/src/programs/postern/main.js');
  const args = ['device', '--bootstrap', join(folder, 'dmacc.xml'), '--state', join(folder, 'state'), '--json', ...options];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Record<string, unknown>[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(JSON.parse(line)));
  const said = async (event: string) => {
    while (!lines.some((line) => line['event'] === event)) await once(output, 'line');
  };
  return { child, lines, said, exit: once(child, 'close').then(([code]) => code as number) };
}

test('orders are carried out until standard input ends', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Exec', './Vendor/Counter')]);
  const { child, lines, exit } = start(server.url);
  child.stdin.end('{"do":"read","uri":"./Vendor/Count"}\nnonsense\n{"do":"repeat-last"}\n');
  expect(await exit).toBe(0);
  expect(lines.filter(({ event }) => event === 'done')).toMatchObject([
    { of: 'read', ok: true, value: '1' },
    { of: 'unknown', ok: false },
    { of: 'repeat-last', ok: true, identical: true },
  ]);
});

test('SIGTERM ends a device that comes back again and again', async () => {
  const server = await DmServer.start();
  const { child, lines, said, exit } = start(server.url, '--every', '1h');
  child.stdin.end();
  await said('session');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(lines.find(({ event }) => event === 'session')).toMatchObject({ result: 'complete' });
});

test('with --once the exit code says whether the session was complete', async () => {
  const server = await DmServer.start();
  expect(await start(server.url, '--once').exit).toBe(0);
  const stranger = await DmServer.start({ clientPassword: 'another' });
  expect(await start(stranger.url, '--once').exit).toBe(1);
});
