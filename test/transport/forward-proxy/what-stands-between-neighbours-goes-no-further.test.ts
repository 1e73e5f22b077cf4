import { expect, test } from 'vitest';
import { connectRaw } from '../raw-peer.js';
import { answerOf } from '../stub-server.js';
import { departure, headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

async function exchange(fields: readonly string[], answer = answerOf('done')) {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.write(answer)));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(`${headOf(`POST http://${authority}/dm?x=1 HTTP/1.1`, `Host: ${authority}`, shown(), ...fields)}hello`);
  // What becomes 502 is closed.
  const received = await Promise.race([peer.closed, peer.until('\r\n\r\ndone').catch(() => peer.closed)]);
  return { asked: upstream.received.join(''), received, authority, connections: upstream.connections.length };
}

test('the server gets a request in origin form with the fields that are for it, in their order', async () => {
  const { asked, authority } = await exchange(['X-One: 1', 'Content-Length: 5', 'Authorization: Basic abc', 'x-two: 2']);
  expect(asked).toBe(
    `${headOf(
      'POST /dm?x=1 HTTP/1.1',
      `Host: ${authority}`,
      'X-One: 1',
      'Content-Length: 5',
      'Authorization: Basic abc',
      'x-two: 2',
      'Via: 1.1 postern',
    )}hello`,
  );
});

test.each([
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'Proxy-Connection: keep-alive',
  'TE: trailers',
  'Trailer: X-Sum',
  'Upgrade: websocket',
  'Proxy-Authenticate: Basic',
  'Proxy-Authentication-Info: x',
  'Expect: 100-continue',
])('%s is taken off the request', async (field) => {
  const { asked } = await exchange(['Content-Length: 5', field]);
  expect(asked.toLowerCase()).not.toContain(`\n${field.toLowerCase()}`);
  expect(asked).toContain('hello');
});

test('no server sees what the device shows us', async () => {
  const { asked } = await exchange(['Content-Length: 5']);
  expect(asked).not.toMatch(/proxy-authorization/i);
});

test('what Connection names is taken off, in both directions', async () => {
  const answer = answerOf('done', [
    'Connection: close, X-Hop',
    'X-Hop: 1',
    'X-End: 1',
    'Keep-Alive: timeout=5',
    'Proxy-Authenticate: Basic',
  ]);
  const { asked, received } = await exchange(['Content-Length: 5', 'Connection: X-Private', 'X-Private: 1', 'X-End: 1'], answer);
  expect(asked).toContain('X-End: 1');
  expect(asked).not.toContain('X-Private');
  expect(received).toContain('X-End: 1');
  expect(received).not.toMatch(/X-Hop|Keep-Alive|Proxy-Authenticate/);
  expect(received).toMatch(/\r\n\r\ndone$/);
});

test('an expectation is answered here', async () => {
  const { received } = await exchange(['Content-Length: 5', 'Expect: 100-continue']);
  expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
});

test.each([
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ndone'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['no HTTP', 'hello there\r\n\r\n'],
  ['a folded field', 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
])('an answer with %s becomes 502', async (_what, answer) => {
  const { received } = await exchange(['Content-Length: 5'], answer);
  expect(received).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
});

test('an answer that is cut short stays cut short', async () => {
  const upstream = await openUpstream((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')),
  );
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(headOf(`GET http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown()));
  expect(await peer.closed).not.toContain('0\r\n\r\n');
});

test('a request that is cut short never looks whole to the server', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(`${headOf(`POST http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown(), 'Transfer-Encoding: chunked')}4\r\nhalf\r\n`);
  await upstream.until('half');
  const closed = departure(upstream.connections[0]);
  peer.socket.destroy();
  await closed;
  expect(upstream.received[0]).not.toContain('0\r\n\r\n');
});

test('a chunk that is malformed later on ends both connections', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(`${headOf(`POST http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown(), 'Transfer-Encoding: chunked')}4\r\nhalf\r\n`);
  await upstream.until('half');
  const closed = departure(upstream.connections[0]);
  peer.write('zz\r\nhidden\r\n0\r\n\r\n');
  expect(await peer.closed).toBe('');
  await closed;
  expect(upstream.received[0]).not.toMatch(/hidden|0\r\n\r\n$/);
});
