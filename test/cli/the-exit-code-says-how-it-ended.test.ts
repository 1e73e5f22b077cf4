import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exitCodeMeanings, exitCodes } from '#src/cli/index.js';
import { knownDevice, MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway, temporaryFolder } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function gatewaySocket(): Promise<string> {
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:declared', { ...knownDevice('urn:declared'), origin: 'config' });
  gateway.testOutcome = { ok: false, steps: [{ name: 'connect', ok: false, detail: 'refused' }] };
  gateway.listSessions = () => Promise.reject(new TypeError('a bug'));
  return serveGateway(gateway);
}

it.each([
  ['ok', ['devices', 'list']],
  ['failed', ['accounts', 'test', 'operator']],
  ['failed', ['sessions']],
  ['usage', ['devices', 'lst']],
  ['usage', ['devices', 'list', '--jsn']],
  ['usage', ['devices', 'show', 'x'.repeat(129)]],
  ['notFound', ['devices', 'show', 'urn:gone']],
  ['conflict', ['devices', 'remove', 'urn:declared']],
] as const)('%s: postern %j', async (name, args) => {
  const { code, err } = await runVerb([...args, '--socket', await gatewaySocket()]);
  expect(code).toBe(exitCodes[name]);
  if (name !== 'ok' && args[0] !== 'accounts') expect(err).toMatch(/^postern: /);
});

it('usage: nothing at all, with the help', async () => {
  expect(await runVerb([])).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('Usage: postern') });
});

it('notRunning: without a gateway', async () => {
  expect((await runVerb(['sessions'])).code).toBe(exitCodes.notRunning);
});

it('configuration: every mistake in the file is named', async () => {
  const file = join(temporaryFolder(), 'gateway.yaml');
  writeFileSync(file, 'devces: []\nstate: 5\n');
  const { code, err } = await runVerb(['config', 'check', file]);
  expect(code).toBe(exitCodes.configuration);
  expect(err).toMatch(/devces[\s\S]*:2/);
});

it('configuration that is right, and shown with its defaults', async () => {
  const file = join(temporaryFolder(), 'gateway.yaml');
  writeFileSync(file, '{}\n');
  expect((await runVerb(['config', 'check', file])).out).toContain('has no mistakes');
  expect(JSON.parse((await runVerb(['config', 'show', '--config', file, '--json'])).out)).toMatchObject({ devices: [] });
});

it('what a program ended with', async () => {
  expect((await runVerb(['run', '--with-owner-server'], { run: async ({ withOwnerServer }) => (withOwnerServer ? 42 : 0) })).code).toBe(42);
});

it("what the owner's server is configured with, which starts it", async () => {
  const given: unknown[] = [];
  const run = async (options: object) => given.push(options);
  await runVerb(['run', '--owner-server-config', 'owner.yaml'], { run });
  expect(given).toEqual([expect.objectContaining({ withOwnerServer: true, ownerServerConfig: 'owner.yaml' })]);
});

it('bug: with the stack, to be reported', async () => {
  const { code, err } = await runVerb(['demo'], { demo: () => Promise.reject(new TypeError('oops')) });
  expect([code, err]).toEqual([exitCodes.bug, expect.stringMatching(/please report it: TypeError: oops\n +at /)]);
});

it('each has its meaning in the table', () => {
  expect(exitCodeMeanings.map(([code]) => code)).toEqual(Object.values(exitCodes));
});
