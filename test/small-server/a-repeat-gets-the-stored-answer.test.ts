import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

const alerts = [{ Data: '1226', Item: [{ Meta: { Type: 'org.example:ready' }, Data: 'yes' }] }];

it('answers a byte-identical repeat of the last message as before, and does nothing again', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  await client.visit();
  const { posts } = await client.visit({ alerts });
  const last = posts.at(-1);
  const again = await client.post(last?.body ?? '', last?.url);
  expect(again.status).toBe(200);
  expect(Buffer.from(again.body)).toEqual(Buffer.from(last?.reply.body ?? ''));
  expect(target.server.alerts()).toHaveLength(1);
});

it('does so for a package 1 too, whose nonce is used up', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  await client.visit();
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  const { posts } = await client.visit({ alerts, execute: () => 'vanish' });
  expect(posts.at(-1)?.url).toBe(posts[0]?.url);
  const again = await client.post(posts.at(-1)?.body ?? '');
  expect(Buffer.from(again.body)).toEqual(Buffer.from(posts.at(-1)?.reply.body ?? ''));
  expect(target.server.alerts()).toHaveLength(1);
});

it('forgets it after a while', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  const { posts } = await client.visit();
  target.clock.advance(120_001);
  const again = await client.post(posts.at(-1)?.body ?? '', posts.at(-1)?.url);
  expect(Buffer.from(again.body).toString()).toContain('<Data>1223</Data>');
});
