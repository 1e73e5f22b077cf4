import { expect, it } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('answers 503 to what could not be kept, and gives up the session', async () => {
  let full = false;
  const target = await startServer({ beforeCommit: async () => failIf(full) });
  const client = new TestClient(target, device);
  await client.visit();
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  full = true;
  const { posts } = await client.visit();
  expect(posts.map(({ reply }) => reply.status)).toEqual([503]);
  expect(target.server.sessions()).toEqual([]);
  expect(target.said).toContain('error: what a client said could not be kept; its session is given up');
});

it('does not remember the 503 as the answer to a repeat', async () => {
  let full = false;
  const target = await startServer({ beforeCommit: async () => failIf(full) });
  const client = new TestClient(target, device);
  await client.visit();
  full = true;
  const { posts } = await client.visit();
  full = false;
  expect((await client.post(posts[0]?.body ?? '')).status).toBe(200);
});

function failIf(full: boolean): void {
  if (full) throw new PosternError('store.full', { file: 'server.db' });
}
