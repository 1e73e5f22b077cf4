import { expect, test } from 'vitest';
import { connectRaw } from '../raw-peer.js';
import { connectHead, openUpstream, proxyUnderTest } from './proxy-under-test.js';

test('a name is resolved once, after it was allowed, and the connection goes to what was judged', async () => {
  const upstream = await openUpstream();
  const story: string[] = [];
  const proxy = await proxyUnderTest({
    resolve: async (host) => {
      story.push(`resolve ${host}`);
      return story.length <= 2 ? ['127.0.0.1'] : ['127.0.0.2'];
    },
    gatekeeper: {
      permits: (_device, { host }) => story.push(`permits ${host}`) > 0,
      permitsAddress: (_device, _destination, address) => story.push(`judge ${address}`) > 0,
    },
  });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(upstream.port, 'lamp', 'DM.example'));
  await peer.until('200 ');
  expect(story).toEqual(['permits dm.example', 'resolve dm.example', 'judge 127.0.0.1']);
  expect(upstream.connections).toHaveLength(1);
});

test('a name that is not allowed is not even resolved', async () => {
  const proxy = await proxyUnderTest({
    resolve: async () => {
      throw new Error('was asked');
    },
    gatekeeper: { permits: () => false },
  });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(443, 'lamp', 'other.example'));
  expect(await peer.closed).toMatch(/^HTTP\/1\.1 403 /);
});

test('addresses that may not be connected to are left out, and without any other the answer is 403', async () => {
  const upstream = await openUpstream();
  let addresses = ['127.0.0.9', '127.0.0.1'];
  const proxy = await proxyUnderTest({
    resolve: async () => addresses,
    gatekeeper: { permitsAddress: (_device, _destination, address) => address === '127.0.0.1' },
  });
  const first = connectRaw(proxy.port);
  first.write(connectHead(upstream.port, 'lamp', 'dm.example'));
  await first.until('200 ');
  addresses = ['127.0.0.9'];
  const second = connectRaw(proxy.port);
  second.write(connectHead(upstream.port, 'lamp', 'dm.example'));
  expect(await second.closed).toMatch(/^HTTP\/1\.1 403 /);
  expect(upstream.connections).toHaveLength(1);
});

test('an address that does not answer gives way to the next', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ resolve: async () => ['127.0.0.77', '127.0.0.1'] });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(upstream.port, 'lamp', 'dm.example'));
  await peer.until('200 ');
});

test('a name without an address is told as 502', async () => {
  const proxy = await proxyUnderTest({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(443, 'lamp', 'dm.example'));
  expect(await peer.closed).toMatch(/^HTTP\/1\.1 502 /);
});

test('whoever is unknown is asked for credentials, whatever they ask for', async () => {
  const proxy = await proxyUnderTest({ gatekeeper: { identify: () => undefined, permits: () => false } });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(443, 'lamp', 'other.example'));
  expect(await peer.closed).toMatch(/^HTTP\/1\.1 407 .*\r\nProxy-Authenticate: Basic realm="Postern"/);
});
