import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { obey, TestClient } from './test-client.js';

it('waits for the answers to what it has sent, and sends nothing more', async () => {
  const target = await startServer();
  const first = await target.server.order(device.id, { command: 'Get', uri: './A' });
  let stopped: Promise<void> | undefined;
  const { packages } = await new TestClient(target, device).visit({
    execute: (commands) => {
      void target.server.order(device.id, { command: 'Get', uri: './B' });
      stopped = target.server.stop(8_000);
      return obey(commands);
    },
  });
  await stopped;
  expect(packages).toEqual([['Get ./A']]);
  expect((await target.server.command(first, 0)).state).toBe('done');
  expect(target.server.clients()).toMatchObject([{ queued: 1 }]);
});

it('ends what is still open when the time is over, and lets no new session in', async () => {
  const target = await startServer();
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient(target, device).visit({ execute: () => 'vanish' });
  const stopped = target.server.stop(8_000);
  target.clock.advance(8_000);
  await stopped;
  expect(target.server.sessions()).toEqual([]);
  expect((await new TestClient(target, device).visit()).posts.map(({ reply }) => reply.status)).toEqual([503]);
});
