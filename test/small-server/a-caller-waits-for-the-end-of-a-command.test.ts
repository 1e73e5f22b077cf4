import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('answers when the command has ended', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  const waiting = target.server.command(id, 60_000);
  await new TestClient(target, device).visit();
  expect((await waiting).state).toBe('done');
  expect(target.clock.pending()).not.toContain('command-wait');
});

it('answers when the time is over', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  const waiting = target.server.command(id, 60_000);
  target.clock.advance(60_000);
  expect((await waiting).state).toBe('queued');
});

it('answers when the server stops, and when the client is removed', async () => {
  const target = await startServer({ clients: [device, { ...device, id: 'urn:x:other' }] });
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  const gone = await target.server.order('urn:x:other', { command: 'Get', uri: './A' });
  const waiting = target.server.command(id, 60_000);
  const removed = target.server.command(gone, 60_000);
  const outcome = expect(removed).rejects.toMatchObject({ code: 'control.not-found' });
  await target.server.removeClient('urn:x:other');
  await outcome;
  await target.server.stop(0);
  expect((await waiting).state).toBe('queued');
});
