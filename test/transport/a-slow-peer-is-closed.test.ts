import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';
import { signalled } from './signalled.js';
import { timerStarted } from './timer-started.js';

test('a peer that connects and says nothing', async () => {
  const clock = new ManualClock();
  const endpoint = await endpointUnderTest({ clock });
  const peer = connectRaw(endpoint.port);
  await timerStarted(clock, 'http request head');
  clock.advance(roomyLimits.headerTimeout);
  expect(await peer.closed).toBe('');
});

test('a peer that never ends its head', async () => {
  const clock = new ManualClock();
  const endpoint = await endpointUnderTest({ clock });
  const peer = connectRaw(endpoint.port);
  peer.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\n');
  await timerStarted(clock, 'http request head');
  clock.advance(roomyLimits.headerTimeout);
  expect(await peer.closed).toBe('');
});

test('a peer that never ends the head of a later request', async () => {
  const endpoint = await endpointUnderTest({ limits: { ...roomyLimits, headerTimeout: 500 } });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  await peer.until('hello');
  peer.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\n');
  expect(statusesOf(await peer.closed)).toEqual([200, 408]);
  expect(endpoint.requests).toHaveLength(1);
});

test('a peer that never ends its body', async () => {
  const clock = new ManualClock();
  const endpoint = await endpointUnderTest({ clock });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello').slice(0, -1));
  await timerStarted(clock, 'http request body');
  clock.advance(roomyLimits.bodyTimeout);
  expect(statusesOf(await peer.closed)).toEqual([408]);
  expect(endpoint.requests).toEqual([]);
});

test('a peer that does not read its answer', async () => {
  const clock = new ManualClock();
  const endpoint = await endpointUnderTest({ clock, handler: async () => ({ status: 200, body: new Uint8Array(64_000_000) }) });
  const peer = connectRaw(endpoint.port);
  peer.socket.pause();
  peer.write(postOf('hello'));
  await timerStarted(clock, 'http answer flush');
  clock.advance(roomyLimits.answerTimeout);
  peer.socket.resume();
  expect((await peer.closed).length).toBeLessThan(64_000_000);
});

test('a handler that is slow is answered for with 503 and told to give up', async () => {
  const clock = new ManualClock();
  const handling = signalled();
  const gaveUp = signalled();
  const endpoint = await endpointUnderTest({
    clock,
    handler: async ({ signal }) => {
      handling.set();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      gaveUp.set();
      return { status: 200 };
    },
  });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  await handling.isSet;
  clock.advance(roomyLimits.answerTimeout);
  expect(statusesOf(await peer.closed)).toEqual([503]);
  await gaveUp.isSet;
});
