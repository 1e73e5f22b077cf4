import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { until } from '../gateway/peers.js';
import { temporaryDirectory } from '../store/store-fixture.js';
import { at, connectDevice, granted, lamp, limits, openBrokerUnderTest } from './broker-under-test.js';

const program = fileURLToPath(new URL('queueing-broker.ts', import.meta.url));

it('brings everything that was committed before SIGKILL, in order', { timeout: 60_000 }, async () => {
  const directory = temporaryDirectory();
  const printed = [...(await queueUntilKilled(directory, 'run1', 40)), ...(await queueUntilKilled(directory, 'run2', 70))];
  const roomy = { perDevice: 10_000, bytesPerDevice: 10_000_000, rows: 10_000, bytes: 10_000_000, maxAge: 10 * 365 * 86_400_000 };
  const under = await openBrokerUnderTest({ directory, limits: { ...limits, queue: roomy } });
  const device = await connectDevice(under, lamp);
  await granted(device, at(lamp, 'trigger'));
  await until(() => under.store.deviceQueue.load().rows === 0);
  const came = device.received.map((line) => line.replace(`${at(lamp, 'trigger')} `, ''));
  expect(came.filter((payload) => printed.includes(payload))).toEqual(printed);
  // One more of each run may have been on disk before it could say so.
  expect(came.length - printed.length).toBeLessThanOrEqual(2);
});

/** What it printed before it was killed. */
async function queueUntilKilled(directory: string, prefix: string, enough: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=postern-source', '--import', 'tsx', program, directory, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^run\d-\d+$/.test(line)) printed.push(line);
    if (printed.length === enough) child.kill('SIGKILL');
  }
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  return printed;
}
