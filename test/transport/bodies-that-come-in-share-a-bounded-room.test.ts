import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { HeapThrift } from '../../src/programs/gateway/health/heap-thrift.js';
import { BodyRoom } from '../../src/transport/dm/body-room.js';
import { readBody } from '../../src/transport/dm/request-body.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';

test('the largest gives way, the others stay', () => {
  const room = new BodyRoom(100);
  const gone: string[] = [];
  const [small, large, middle] = ['small', 'large', 'middle'].map((name) => room.enter(() => gone.push(name)));
  small?.grow(10);
  large?.grow(60);
  middle?.grow(30);
  expect(gone).toEqual([]);
  small?.grow(1);
  expect(gone).toEqual(['large']);
  middle?.grow(59);
  expect(gone).toEqual(['large']);
  small?.leave();
  middle?.grow(11);
  expect(gone).toEqual(['large']);
  middle?.grow(1);
  expect(gone).toEqual(['large', 'middle']);
});

test('eight of the largest size can be under way; for one more the first of the largest gets 503, and a small one is served', async () => {
  const { bodyBytes } = roomyLimits;
  const endpoint = await endpointUnderTest();
  const head = `POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: ${bodyBytes}\r\n\r\n`;
  const peers = Array.from({ length: 9 }, () => connectRaw(endpoint.port));
  for (const peer of peers) peer.write(head + 'x'.repeat(bodyBytes - 1));
  const refused = await Promise.race(peers.map(({ closed }) => closed));
  expect(statusesOf(refused)).toEqual([503]);
  const honest = connectRaw(endpoint.port);
  honest.write(postOf('hello', ['Connection: close']));
  expect(statusesOf(await honest.closed)).toEqual([200]);
});

test('a body in pieces of one byte is kept in one piece', async () => {
  const bytes = 200_000;
  const stream = Object.assign(new PassThrough(), { complete: true });
  const limits = { bytes, timeout: 10_000, room: new BodyRoom(bytes), clock: new ManualClock() };
  const body = readBody(stream as unknown as IncomingMessage, limits);
  const collect = () => new HeapThrift({ clock: new ManualClock() }).follow(1);
  collect();
  const before = getHeapStatistics().used_heap_size;
  const slab = Buffer.alloc(bytes, 'x');
  for (let at = 0; at < bytes; at++) stream.write(slab.subarray(at, at + 1));
  await setImmediate();
  collect();
  // Kept as they came, each would take some hundred bytes.
  expect(getHeapStatistics().used_heap_size - before).toBeLessThan(bytes * 25);
  stream.end();
  expect(await body).toHaveLength(bytes);
});
