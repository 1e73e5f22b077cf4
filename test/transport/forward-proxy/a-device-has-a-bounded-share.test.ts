import { expect, test } from 'vitest';
import { connectRaw } from '../raw-peer.js';
import { connectHead, departure, openUpstream, proxyUnderTest } from './proxy-under-test.js';

test('one device has two tunnels at most, another still gets one, and a closed one makes room', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ limits: { perDevice: 2 } });
  const open = (name: string) => {
    const peer = connectRaw(proxy.port);
    peer.write(connectHead(upstream.port, name));
    return peer;
  };
  const [first, second] = [open('lamp'), open('lamp')];
  await Promise.all([first.until('200 '), second.until('200 ')]);
  expect(await open('lamp').closed).toMatch(/^HTTP\/1\.1 429 /);
  await open('meter').until('200 ');
  const gone = departure(upstream.connections[0]);
  first.socket.resetAndDestroy();
  await gone;
  await open('lamp').until('200 ');
  expect(await open('lamp').closed).toMatch(/^HTTP\/1\.1 429 /);
});

test('all together have as many connections as the proxy takes', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ limits: { maxConnections: 1 } });
  const first = connectRaw(proxy.port);
  first.write(connectHead(upstream.port));
  await first.until('200 ');
  expect(await connectRaw(proxy.port).closed).toBe('');
});
