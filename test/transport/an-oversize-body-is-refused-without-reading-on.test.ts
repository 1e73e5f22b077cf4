import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ManualClock, silentLog } from '#src/base/index.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';
import { signalled } from './signalled.js';

const { bodyBytes } = roomyLimits;
const chunkedHead = 'POST /dm HTTP/1.1\r\nHost: gateway.example\r\nTransfer-Encoding: chunked\r\n\r\n';

function chunk(bytes: number): string {
  return `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;
}

test('by its Content-Length, before a byte of it has come', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(`POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: ${bodyBytes + 1}\r\n\r\n`);
  expect(statusesOf(await peer.closed)).toEqual([413]);
  expect(endpoint.requests).toEqual([]);
});

test('before it is asked for, where the peer waits with it', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(`POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: ${bodyBytes + 1}\r\nExpect: 100-continue\r\n\r\n`);
  expect(statusesOf(await peer.closed)).toEqual([413]);
});

test('chunked, as soon as it is over the limit', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(chunkedHead + chunk(bodyBytes) + chunk(1));
  expect(statusesOf(await peer.closed)).toEqual([413]);
  expect(endpoint.requests).toEqual([]);
});

test('the answer waits for a peer that is still writing', async () => {
  const refused = signalled();
  const endpoint = await endpointUnderTest({ clock: new ManualClock(), log: { ...silentLog, warn: refused.set } });
  const peer = connectRaw(endpoint.port);
  peer.socket.pause();
  peer.write(postOf('x'.repeat(200_000)));
  await refused.isSet;
  await setImmediate();
  const ended = once(peer.socket, 'end'); // rejects on a reset, which some systems let overtake the answer
  peer.socket.resume();
  expect(statusesOf(await peer.until('413'))).toEqual([413]);
  await ended;
});

test('a body of exactly the limit is taken, either way', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('x'.repeat(bodyBytes), ['Connection: close']));
  expect(statusesOf(await peer.closed)).toEqual([200]);
  const other = connectRaw(endpoint.port);
  other.write(`${chunkedHead.replace('Transfer', 'Connection: close\r\nTransfer')}${chunk(bodyBytes)}0\r\n\r\n`);
  expect(statusesOf(await other.closed)).toEqual([200]);
  expect(endpoint.requests.map((request) => request.body.byteLength)).toEqual([bodyBytes, bodyBytes]);
});
