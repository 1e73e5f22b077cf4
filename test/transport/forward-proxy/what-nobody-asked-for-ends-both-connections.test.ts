import { expect, test } from 'vitest';
import { connectRaw, statusesOf } from '../raw-peer.js';
import { answerOf } from '../stub-server.js';
import { departure, headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

function ask(port: number, method = 'POST', body = 'hello'): string {
  const authority = `127.0.0.1:${port}`;
  const length = method === 'POST' ? [`Content-Length: ${body.length}`] : [];
  return headOf(`${method} http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown(), ...length) + (method === 'POST' ? body : '');
}

/** A device with one answer, and a server that can say more. */
async function answeredOnce(surplus = '') {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.write(answerOf('first') + surplus)));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port));
  await peer.until('first');
  return { upstream, peer };
}

const surplus = answerOf('canary');

test.each([
  ['an answer behind the answer', surplus],
  ['the beginning of one', surplus.slice(0, 9)],
  ['a single byte', 'H'],
  ['an empty line', '\r\n'],
])('%s', async (_what, bytes) => {
  const { upstream, peer } = await answeredOnce(bytes);
  const received = await peer.closed;
  expect(statusesOf(received)).toEqual([200]);
  expect(received).not.toContain('canary');
  await departure(upstream.connections[0]);
});

test.each([
  ['late', [surplus]],
  ['late and split', [surplus.slice(0, 5), surplus.slice(5, 40), surplus.slice(40)]],
])('an answer between two messages, %s', async (_what, parts) => {
  const { upstream, peer } = await answeredOnce();
  const [socket] = upstream.connections;
  for (const part of parts) socket?.write(part);
  const received = await peer.closed;
  expect(statusesOf(received)).toEqual([200]);
  expect(received).not.toContain('canary');
});

test.each(['before', 'behind'])('an answer that lies there when the next message comes, %s it, is not its answer', async (where) => {
  const { upstream, peer } = await answeredOnce();
  // The same turn of the loop: the proxy finds both at once, in either order.
  if (where === 'before') upstream.connections[0]?.write(surplus);
  peer.write(ask(upstream.port, 'POST', 'second'));
  if (where === 'behind') upstream.connections[0]?.write(surplus);
  const received = await peer.closed;
  expect(received).not.toContain('canary');
  expect(statusesOf(received).filter((status) => status === 200)).toHaveLength(1);
  expect(upstream.received.join('')).not.toContain('second');
});

test('two messages at once: neither server nor device gets more than one', async () => {
  const upstream = await openUpstream((socket) => socket.on('data', () => socket.write(answerOf('first'))));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port) + ask(upstream.port, 'POST', 'second'));
  expect(statusesOf(await peer.closed).length).toBeLessThanOrEqual(1);
  expect(upstream.received.join('')).not.toContain('second');
});

test('interim answers are passed over, a few of them', async () => {
  const upstream = await openUpstream((socket) =>
    socket.on('data', () =>
      socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${answerOf('answer')}`),
    ),
  );
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port));
  expect(statusesOf(await peer.until('\r\n\r\nanswer'))).toEqual([200]);
  peer.write(ask(upstream.port, 'GET'));
  const { length } = await peer.until('\r\n\r\nanswer');
  await peer.until('\r\n\r\nanswerHTTP/1.1 200');
  expect(length).toBeGreaterThan(0);
  expect(upstream.connections).toHaveLength(1);
});

test.each([
  ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['interim answers without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20)],
])('%s: 502', async (_what, answer) => {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.write(answer)));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port));
  expect(statusesOf(await peer.closed)).toEqual([502]);
});

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n'],
  ['GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
])('%s answered by %j has no body, and the next message goes over the same connection', async (method, answer) => {
  const upstream = await openUpstream((socket) =>
    socket.on('data', (chunk) => socket.write(chunk.toString().includes('second') ? answerOf('second answer') : answer)),
  );
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, method));
  await peer.until('\r\n\r\n');
  peer.write(ask(upstream.port, 'POST', 'second'));
  await peer.until('second answer');
  expect(upstream.connections).toHaveLength(1);
});

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncanary'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\ncanary'],
  ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\ncanary'],
])('%s answered by %j: the body that must not be there reaches nobody', async (method, answer) => {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.write(answer)));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, method));
  const received = await peer.closed;
  expect(statusesOf(received)).toHaveLength(1);
  expect(received).not.toContain('canary');
});
