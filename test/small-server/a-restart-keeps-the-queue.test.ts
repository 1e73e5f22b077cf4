import { expect, it } from 'vitest';
import { device, startServer, temporaryDirectory } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('keeps commands, clients, nonces and reports', async () => {
  const directory = temporaryDirectory();
  const before = await startServer({ directory });
  const client = new TestClient(before, device);
  await client.visit({ alerts: [{ Data: '1226', Item: [{ Meta: { Type: 'org.example:ready' }, Data: 'yes' }] }] });
  const id = await before.server.order(device.id, { command: 'Get', uri: './A' });
  await before.crash();

  const after = await startServer({ directory, clients: [] });
  expect(after.server.clients()).toMatchObject([{ id: device.id, facts: { Man: 'Maker' }, queued: 1 }]);
  expect(after.server.alerts()).toMatchObject([{ type: 'org.example:ready', data: 'yes', count: 1 }]);
  expect(after.store.clients.nonce(device.id, 'client')).toBeDefined();
  expect((await new TestClient(after, device).visit()).packages).toEqual([['Get ./A']]);
  expect((await after.server.command(id, 0)).state).toBe('done');
});
