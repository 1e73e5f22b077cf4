import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';
import { signalled } from './signalled.js';
import { timerStarted } from './timer-started.js';

test('those under way are answered, those idle are closed', async () => {
  const handling = signalled();
  const answer = signalled();
  const endpoint = await endpointUnderTest({
    handler: async () => {
      handling.set();
      await answer.isSet;
      return { status: 200 };
    },
  });
  const idle = connectRaw(endpoint.port);
  const running = connectRaw(endpoint.port);
  running.write(postOf('hello'));
  await handling.isSet;
  const closed = endpoint.close(10_000);
  expect(await idle.closed).toBe('');
  answer.set();
  const received = await running.closed;
  expect(statusesOf(received)).toEqual([200]);
  expect(received).toContain('\r\nConnection: close\r\n');
  await closed;
});

test('what is not done after the grace is destroyed', async () => {
  const clock = new ManualClock();
  const handling = signalled();
  const endpoint = await endpointUnderTest({
    clock,
    handler: async ({ signal }) => {
      handling.set();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 200 };
    },
  });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  await handling.isSet;
  const closed = endpoint.close(5_000);
  clock.advance(5_000);
  expect(await peer.closed).toBe('');
  await closed;
});

test('an answer on its way arrives whole, and its connection is closed then', async () => {
  const clock = new ManualClock();
  const length = 32_000_000;
  const endpoint = await endpointUnderTest({ clock, handler: async () => ({ status: 200, body: new Uint8Array(length) }) });
  const peer = connectRaw(endpoint.port);
  peer.socket.pause();
  peer.write(postOf('hello'));
  await timerStarted(clock, 'http answer flush');
  const closed = endpoint.close(10_000);
  peer.socket.resume();
  expect((await peer.closed).length).toBeGreaterThan(length);
  await closed;
});
