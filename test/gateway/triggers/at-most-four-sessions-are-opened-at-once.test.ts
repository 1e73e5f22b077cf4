import { expect, test } from 'vitest';
import { ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { gatewayOwner } from '#src/gateway/ports.js';
import { OwnAttempts } from '#src/gateway/triggers/own-attempts.js';
import type { PendingTrigger } from '#src/gateway/triggers/ports.js';

const retry = { first: 1_000, cap: 60_000, maxAge: 3_600_000 };

/** Attempts whose sessions end when the test says so; one that ends well is pending no longer. */
function openAttempts(servers: readonly string[]) {
  const clock = new ManualClock();
  const pending = servers.map((serverId, at) => triggerOf(serverId, `A${at}`));
  const running = new Map<string, () => void>();
  let most = 0;
  const attempts = new OwnAttempts({
    env: { clock, entropy: systemEntropy, settings: { retry }, log: silentLog },
    pending: () => pending,
    run: ({ serverId, sessionId }) => {
      const ended = new Promise<void>((resolve) => running.set(`${serverId} ${sessionId}`, resolve));
      most = Math.max(most, running.size);
      return ended;
    },
  });
  const end = async (name: string, isAnswered = true) => {
    const at = pending.findIndex(({ serverId, sessionId }) => `${serverId} ${sessionId}` === name);
    if (isAnswered) pending.splice(at, 1);
    running.get(name)?.();
    running.delete(name);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { attempts, clock, running, end, most: () => most };
}

function triggerOf(serverId: string, sessionId: string): PendingTrigger {
  return { owner: gatewayOwner, serverId, sessionId, nonce: '', uiMode: 'background', initiator: 'server', carrier: 'mqtt', receivedAt: 0 };
}

test('the oldest first, and the others when one has ended', async () => {
  const { attempts, running, end, most } = openAttempts(['a', 'b', 'c', 'd', 'e', 'f']);
  attempts.wake();
  expect([...running.keys()]).toEqual(['a A0', 'b A1', 'c A2', 'd A3']);
  attempts.wake();
  expect(running.size).toBe(4);
  await end('b A1');
  expect([...running.keys()]).toEqual(['a A0', 'c A2', 'd A3', 'e A4']);
  for (const name of ['a A0', 'c A2', 'd A3', 'e A4', 'f A5']) await end(name);
  expect([running.size, most()]).toEqual([0, 4]);
});

test('one at a time for each server', async () => {
  const { attempts, running, end } = openAttempts(['a', 'a', 'b']);
  attempts.wake();
  expect([...running.keys()]).toEqual(['a A0', 'b A2']);
  await end('a A0');
  expect([...running.keys()]).toEqual(['b A2', 'a A1']);
});

test('one that failed waits and leaves its place to another', async () => {
  const { attempts, clock, running, end } = openAttempts(['a', 'b', 'c', 'd', 'e']);
  attempts.wake();
  await end('a A0', false);
  expect([...running.keys()]).toEqual(['b A1', 'c A2', 'd A3', 'e A4']);
  await end('b A1');
  expect(running.has('a A0')).toBe(false);
  clock.advance(retry.first);
  expect(running.has('a A0')).toBe(true);
});

test('none after the stop, which waits for those that run', async () => {
  const { attempts, running, end } = openAttempts(['a', 'b', 'c', 'd', 'e']);
  attempts.wake();
  let isOver = false;
  const stopped = attempts.stop().then(() => {
    isOver = true;
  });
  await end('a A0');
  expect([running.size, isOver]).toEqual([3, false]);
  for (const name of ['b A1', 'c A2', 'd A3']) await end(name);
  await stopped;
  expect(running.size).toBe(0);
});
