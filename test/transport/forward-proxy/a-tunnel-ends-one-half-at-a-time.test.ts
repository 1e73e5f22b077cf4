import { expect, test } from 'vitest';
import { connectRaw, type RawPeer } from '../raw-peer.js';
import { connectHead, departure, openUpstream, proxyUnderTest, type Upstream } from './proxy-under-test.js';

async function tunnel(): Promise<{ peer: RawPeer; upstream: Upstream }> {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.socket.allowHalfOpen = true;
  peer.write(connectHead(upstream.port));
  await peer.until('200 Connection established');
  peer.write('hello');
  await upstream.until('hello');
  return { peer, upstream };
}

const closing = ({ connections }: Upstream) => departure(connections[0]);

test('the device is done first, and still gets the answer', async () => {
  const { peer, upstream } = await tunnel();
  const ended = new Promise((resolve) => upstream.connections[0]?.once('end', resolve));
  peer.socket.end(' bye');
  await ended;
  expect(upstream.received[0]).toBe('hello bye');
  upstream.connections[0]?.end('the answer');
  expect(await peer.closed).toMatch(/the answer$/);
});

test('the server is done first, and still gets the rest', async () => {
  const { peer, upstream } = await tunnel();
  const ended = new Promise((resolve) => peer.socket.once('end', resolve));
  upstream.connections[0]?.end('the answer');
  await ended;
  const closed = closing(upstream);
  peer.socket.end(' bye');
  await closed;
  expect(upstream.received[0]).toBe('hello bye');
});

test('what follows the head at once goes into the tunnel', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(`${connectHead(upstream.port)}early`);
  await upstream.until('early');
  expect(upstream.received[0]).toBe('early');
});

test('a device that breaks off takes its connection to the server with it', async () => {
  const { peer, upstream } = await tunnel();
  const closed = closing(upstream);
  peer.socket.resetAndDestroy();
  await closed;
});

test('a server that breaks off takes the connection of the device with it', async () => {
  const { peer, upstream } = await tunnel();
  const gone = departure(peer.socket);
  upstream.connections[0]?.resetAndDestroy();
  await gone;
});
