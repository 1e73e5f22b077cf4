import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { connectRaw, type RawPeer, statusesOf } from '../raw-peer.js';
import { answerOf } from '../stub-server.js';
import { connectHead, departure, headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

function ask(port: number, body: string, ...fields: string[]): string {
  const authority = `127.0.0.1:${port}`;
  const by = fields.some((field) => field.startsWith('Proxy-Authorization')) ? [] : [shown()];
  return `${headOf(`POST http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, ...by, ...fields, `Content-Length: ${body.length}`)}${body}`;
}

/** Sends a message whose answer is its body. */
async function converse(peer: RawPeer, port: number, body: string, ...fields: string[]): Promise<string> {
  peer.write(ask(port, body, ...fields));
  return peer.until(`answer to ${body}`);
}

/** A server that answers each message by its body. */
function echo(say = (body: string) => answerOf(`answer to ${body}`)) {
  return openUpstream((socket) =>
    socket.on('data', (chunk) => {
      const body = chunk.toString('latin1').split('\r\n\r\n')[1] ?? '';
      socket.write(say(body));
    }),
  );
}

test('the messages of a session go over one connection on each side', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  for (const body of ['one', 'two', 'three']) expect(await converse(peer, upstream.port, body)).toContain('Connection: keep-alive');
  expect(upstream.connections).toHaveLength(1);
  expect(upstream.received[0]).not.toMatch(/\nConnection:/i);
});

test('chunks in both directions leave it as good as before', async () => {
  const upstream = await openUpstream((socket, number) =>
    socket.on('data', () => {
      const sent = /5\r\nhell(\d)\r\n0\r\n\r\n$/.exec(upstream.received[number - 1] ?? '')?.[1];
      if (sent !== undefined) socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndone${sent}\r\n0\r\n\r\n`);
    }),
  );
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  for (let at = 1; at <= 3; at += 1) {
    peer.write(headOf(`POST http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown(), 'Transfer-Encoding: chunked'));
    peer.write(`5\r\nhell${at}\r\n0\r\n\r\n`);
    await peer.until(`5\r\ndone${at}\r\n0\r\n\r\n`);
  }
  expect(upstream.connections).toHaveLength(1);
});

test('it ends with the connection of the device', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  const closed = departure(upstream.connections[0]);
  peer.socket.destroy();
  await closed;
});

test('it is not there for another place: that one gets its own, and the first is closed', async () => {
  const [first, second] = [await echo(), await echo()];
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, first.port, 'one');
  const closed = departure(first.connections[0]);
  await converse(peer, second.port, 'two');
  await closed;
  expect(first.received.join('')).not.toContain('two');
  expect(second.received.join('')).not.toContain('one');
});

test('a place that is not allowed is refused behind messages to another', async () => {
  const [allowed, other] = [await echo(), await echo()];
  const proxy = await proxyUnderTest({ gatekeeper: { permits: (_device, { port }) => port === allowed.port } });
  const peer = connectRaw(proxy.port);
  await converse(peer, allowed.port, 'one');
  peer.write(ask(other.port, 'two'));
  expect(statusesOf(await peer.closed)).toEqual([200, 403]);
  expect(other.connections).toHaveLength(0);
});

test('another device has nothing to ask on it', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  peer.write(ask(upstream.port, 'two', shown('meter')));
  expect(statusesOf(await peer.closed)).toEqual([200, 400]);
  expect(upstream.received.join('')).not.toContain('two');
});

test('whoever shows nothing any more is unknown', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  peer.write(ask(upstream.port, 'two', 'Proxy-Authorization: Basic bGFtcDp3cm9uZw=='));
  expect(statusesOf(await peer.closed)).toEqual([200, 407]);
});

test('what was judged is judged again after five seconds, and not for each message', async () => {
  const clock = new ManualClock();
  const upstream = await echo();
  let asked = 0;
  let allowed = true;
  const permits = () => {
    asked += 1;
    return allowed;
  };
  const proxy = await proxyUnderTest({ clock, gatekeeper: { permits } });
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  allowed = false;
  await converse(peer, upstream.port, 'two');
  expect(asked).toBe(1);
  clock.advance(5_000);
  peer.write(ask(upstream.port, 'three'));
  await peer.until('403 ');
  expect(upstream.received.join('')).not.toContain('three');
});

test('a server that closed it between two messages gets another', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  const closed = departure(upstream.connections[0]);
  upstream.connections[0]?.end();
  await closed;
  await converse(peer, upstream.port, 'two');
  expect(upstream.connections).toHaveLength(2);
  expect(upstream.received[1]).toContain('two');
});

test('a message that was sent is never sent again: its server is gone, and the answer is 502', async () => {
  const upstream = await openUpstream((socket) =>
    socket.on('data', (chunk) => {
      if (chunk.toString().includes('two')) socket.resetAndDestroy();
      else socket.write(answerOf('answer to one'));
    }),
  );
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  peer.write(ask(upstream.port, 'two'));
  expect(statusesOf(await peer.closed)).toEqual([200, 502]);
  expect(upstream.connections).toHaveLength(1);
});

test('a server that says close is done with it, and the device goes on over another', async () => {
  const upstream = await echo((body) => answerOf(`answer to ${body}`, ['Connection: close']));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  await departure(upstream.connections[0]);
  await converse(peer, upstream.port, 'two');
  expect(upstream.connections).toHaveLength(2);
});

test('an answer that ends with its connection ends that of the device too', async () => {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nthe rest')));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, 'one'));
  expect(await peer.closed).toMatch(/Connection: close\r\n.*the rest\r\n0\r\n\r\n$/s);
});

test('a device that says close is done with both', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, 'one', 'Connection: close'));
  expect(await peer.closed).toContain('answer to one');
  await departure(upstream.connections[0]);
  expect(upstream.received[0]).toContain('\r\nConnection: close\r\n');
});

test('a request that its server answers before its end is the last', async () => {
  const upstream = await openUpstream((socket) => socket.once('data', () => socket.write(answerOf('too large', [], '413 Too Large'))));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, 'x'.repeat(100)).slice(0, -50));
  expect(await peer.closed).toMatch(/413 Too Large\r\n.*Connection: close\r\n.*too large$/s);
  await departure(upstream.connections[0]);
});

test('a tunnel behind messages has a connection of its own', async () => {
  const upstream = await echo();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  await converse(peer, upstream.port, 'one');
  const closed = departure(upstream.connections[0]);
  peer.write(connectHead(upstream.port));
  await peer.until('200 Connection established');
  await closed;
  peer.write('\r\n\r\ntunnelled');
  await peer.until('answer to tunnelled');
  expect(upstream.connections).toHaveLength(2);
});

test('a proxy that closes lets an answer out and takes no further message', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const [busy, idle] = [connectRaw(proxy.port), connectRaw(proxy.port)];
  busy.write(ask(upstream.port, 'one'));
  idle.write(ask(upstream.port, 'two'));
  await Promise.all([upstream.until('one'), upstream.until('two')]);
  const at = upstream.received.findIndex((received) => received.includes('two'));
  upstream.connections[at]?.write(answerOf('answer to two'));
  await idle.until('answer to two');
  const closed = proxy.close(60_000);
  await idle.closed;
  upstream.connections[1 - at]?.write(answerOf('answer to one'));
  expect(await busy.closed).toContain('Connection: close');
  await closed;
});
