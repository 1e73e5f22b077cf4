import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { Repeats } from '#src/small-server/repeats.js';
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

it('keeps a bounded number of bytes, the newest', () => {
  const repeats = new Repeats(new ManualClock(), 1_000);
  const answer = Promise.resolve({ status: 200 });
  for (const key of ['a', 'b', 'c']) repeats.keep([key], 'digest', { answer, bytes: 2_000_000 });
  expect(['a', 'b', 'c'].map((key) => repeats.find(key, 'digest') !== undefined)).toEqual([false, true, true]);
  for (let entry = 0; entry < 2_100; entry++) repeats.keep([`key-${entry}`], 'digest', { answer, bytes: 1 });
  expect(repeats.find('key-0', 'digest')).toBeUndefined();
  expect(repeats.find('key-2099', 'digest')).toBe(answer);
});
