import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('refuses a client that is there already, and one that is not', async () => {
  const { server } = await startServer();
  await expect(server.addClient(device)).rejects.toMatchObject({ code: 'control.exists' });
  await expect(server.removeClient('urn:x:none')).rejects.toMatchObject({ code: 'control.not-found' });
  await expect(server.order('urn:x:none', { command: 'Get', uri: './A' })).rejects.toMatchObject({ code: 'control.not-found' });
});

it('leaves what the configuration declares to the configuration', async () => {
  const target = await startServer({ clients: [] });
  target.server.declareConfigured([device]);
  await expect(target.server.removeClient(device.id)).rejects.toMatchObject({ code: 'control.declared' });
  target.server.declareConfigured([]);
  expect(target.server.clients()).toEqual([]);
});

it('writes nothing for a declaration that has not changed', async () => {
  const { server, store } = await startServer({ clients: [] });
  server.declareConfigured([device]);
  await store.committed();
  const before = store.commits;
  server.declareConfigured([device]);
  await store.committed();
  expect(store.commits).toBe(before);
});

it('forgets a client with what waits for it and its session', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient(target, device).visit({ execute: () => 'vanish' });
  await target.server.removeClient(device.id);
  expect(target.server.sessions()).toEqual([]);
  await expect(target.server.command(id, 0)).rejects.toMatchObject({ code: 'control.not-found' });
});

it('enrols a client once with secrets that both sides can keep', async () => {
  const target = await startServer({ clients: [] });
  const enrolment = await target.server.enrol('urn:uuid:gateway');
  expect(await target.server.enrol('urn:uuid:gateway')).toEqual(enrolment);
  expect(enrolment).toMatchObject({
    scheme: 'md5',
    userName: 'urn:uuid:gateway',
    clientSecret: { kind: 'digest' },
    serverSecret: { kind: 'digest' },
  });
});

it('takes a bounded number of commands for one client', async () => {
  const { server } = await startServer({ settings: { maxQueued: 1 } });
  await server.order(device.id, { command: 'Get', uri: './A' });
  await expect(server.order(device.id, { command: 'Get', uri: './B' })).rejects.toMatchObject({ code: 'control.unavailable' });
});

it('keeps a bounded number of ended commands', async () => {
  const target = await startServer({ limits: { settledCommands: 1 } });
  const one = await target.server.order(device.id, { command: 'Get', uri: './A' });
  const two = await target.server.order(device.id, { command: 'Get', uri: './B' });
  await new TestClient(target, device).visit();
  await expect(target.server.command(one, 0)).rejects.toMatchObject({ code: 'control.not-found' });
  expect((await target.server.command(two, 0)).state).toBe('done');
});
