import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import type { Gateway } from '#src/gateway/index.js';
import { type ForwardProxy, serveForwardProxy } from '#src/transport/index.js';
import { headOf, openUpstream, roomyLimits } from '../../transport/forward-proxy/proxy-under-test.js';
import { connectRaw, statusesOf } from '../../transport/raw-peer.js';
import { accountAt, declareDevice, deviceId, type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { FarServer } from '../peers.js';

test('a device that was let in a moment ago is let in again', async () => {
  const { ask } = await openSite();
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 200]);
});

test('its old password lets nobody in once it has another', async () => {
  const { ask, under } = await openSite();
  expect(await ask()).toBe(200);
  const clientSecret = keptSecret('md5', 'device', 'another', false);
  declareDevice(under, [], { mode: 'transparent', south: { scheme: 'md5', userName: 'device', clientSecret } });
  expect(await ask()).toBe(407);
  expect(await ask('another')).toBe(200);
});

test.each([
  ['is removed', (under: GatewayUnderTest) => under.gateway.forget(deviceId)],
  ['is put into quarantine', (under: GatewayUnderTest) => under.gateway.presence.quarantine(deviceId)],
  ['is to be managed by us', (under: GatewayUnderTest) => declareDevice(under, [], { mode: 'proxy' })],
  [
    'may no longer show its password over plain http',
    (under: GatewayUnderTest) => declareDevice(under, [], { mode: 'transparent', allowPlainHttp: false }),
  ],
])('a device that %s stays in', async (_what, change) => {
  const { ask, under } = await openSite();
  expect(await ask()).toBe(200);
  change(under);
  expect(await ask()).toBe(407);
});

test('where it has no account any more it may not go', async () => {
  const { ask, under } = await openSite();
  expect(await ask()).toBe(200);
  under.store.accounts.remove(deviceId, 'operator');
  expect(await ask()).toBe(403);
});

test('its server’s name is judged by what it leads to now', async () => {
  const { ask, names } = await openSite();
  expect(await ask()).toBe(200);
  names.set('dm.example', '10.0.0.7');
  expect(await ask()).toBe(403);
});

test('it has no more connections at once than any other', async () => {
  const { ask, hold } = await openSite();
  expect(await ask()).toBe(200);
  expect([await hold(), await hold()]).toEqual([200, 200]);
  expect(await ask()).toBe(429);
});

test('whoever guesses at it from its address is not looked at, nor is it', async () => {
  const { ask, under } = await openSite();
  expect(await ask()).toBe(200);
  for (let guess = 0; guess < 5; guess += 1) expect(await ask('guess')).toBe(407);
  expect(await ask()).toBe(429);
  under.clock.advance(1_000);
  expect(await ask()).toBe(200);
});

/** A device with an account at `dm.example`, which is a server here, and two connections at most. */
async function openSite() {
  const server = await openUpstream((socket) => socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')));
  const { port } = server;
  const under = await openGateway({ settings: { transparent: { allow: [{ host: '127.0.0.1', port }], addresses: new Map() } } });
  declareDevice(under, [], { mode: 'transparent' });
  // So that its first connection changes nothing, and the next one finds what was remembered.
  under.store.inventory.attach(deviceId);
  under.store.accounts.declare({
    ...accountAt(await FarServer.open(), deviceId),
    serverId: 'operator',
    address: `http://dm.example:${port}/dm`,
  });
  const names = new Map([['dm.example', '127.0.0.1']]);
  const proxy = await proxyOf(under.gateway, names);
  let held = 0;
  const begin = (password: string) => {
    const peer = connectRaw(proxy.port);
    peer.write(
      `${headOf(`POST http://dm.example:${port}/dm HTTP/1.1`, `Host: dm.example:${port}`, 'Content-Length: 0', proofOf(password))}`,
    );
    return peer;
  };
  /** What a message on a connection of its own is answered; the connection is gone by then. */
  const ask = async (password = 'device-password') => {
    const peer = begin(password);
    const [status] = statusesOf(await peer.until('\r\n\r\n'));
    peer.socket.destroy();
    await vi.waitFor(() => expect(proxy.connections).toBe(held), { timeout: 20_000 });
    return status;
  };
  /** The same on a connection that stays. */
  const hold = async () => {
    held += 1;
    return statusesOf(await begin('device-password').until('\r\n\r\n'))[0];
  };
  return { under, names, ask, hold };
}

async function proxyOf({ gatekeeper }: Gateway, names: ReadonlyMap<string, string>): Promise<ForwardProxy> {
  const proxy = await serveForwardProxy({
    listen: '127.0.0.1',
    port: 0,
    gatekeeper,
    limits: { ...roomyLimits, perDevice: 2 },
    log: silentLog,
    resolve: async (host) => [names.get(host) ?? ''],
  });
  onTestFinished(() => proxy.close(0));
  return proxy;
}

function proofOf(password: string): string {
  return `Proxy-Authorization: Basic ${Buffer.from(`device:${password}`).toString('base64')}`;
}
