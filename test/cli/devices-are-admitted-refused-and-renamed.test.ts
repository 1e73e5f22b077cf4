import { expect, it } from 'vitest';
import { knownDevice, MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function serveOne() {
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:x', { ...knownDevice('urn:x'), status: 'quarantined', origin: 'discovered', seenBy: ['ssdp'] });
  const socket = await serveGateway(gateway);
  return { gateway, run: (...words: string[]) => runVerb(['--socket', socket, 'devices', ...words]) };
}

it('each by its verb', async () => {
  const { gateway, run } = await serveOne();
  expect((await run('admit', 'urn:x')).out).toBe('urn:x is let in; it is known\n');
  expect((await run('quarantine', 'urn:x')).out).toBe('urn:x is in quarantine\n');
  expect((await run('rename', 'urn:x', 'hall lamp')).out).toBe('urn:x is called hall lamp\n');
  expect((await run('rename', 'urn:x')).out).toBe('urn:x has no name\n');
  expect((await run('refuse', 'urn:x')).out).toBe('urn:x is refused; "postern devices admit" lets it in again\n');
  expect((await run('refused')).out).toBe('DEVICE  SINCE\nurn:x   2026-01-01T00:00:00.000Z\n');
  expect(JSON.parse((await run('refused', '--json')).out)).toMatchObject({ policy: 'ask', turnedAway: { tooFast: 3 } });
  expect(gateway.devices.size).toBe(0);
});

it('one that nobody knows is not found', async () => {
  const { run } = await serveOne();
  const { err, code } = await run('admit', 'urn:y');
  expect(err).toContain('There is no device urn:y');
  expect(code).not.toBe(0);
});

it('a transparent device without credentials is told where the forward proxy is', async () => {
  const { gateway, run } = await serveOne();
  await run('add', '--id', 'urn:z', '--mode', 'transparent', '--no-credentials');
  expect(gateway.calls.at(-1)).toMatchObject(['addDevice', { id: 'urn:z', mode: 'transparent', withoutPassword: true }]);
});
