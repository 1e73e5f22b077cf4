import { expect, test } from 'vitest';
import { gatewayOwner } from '#src/gateway/index.js';
import { FarServer, until } from '../peers.js';
import { openings, openSite } from './trigger-site.js';

test('the server that was away gets its session later, once', async () => {
  const { under, server, trigger } = await openSite();
  const { port } = new URL(server.url);
  await server.close();
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt');
  await until(() => under.clock.pending().includes('departures'));
  expect(under.gateway.triggers.list()).toHaveLength(1);
  const back = await FarServer.open(server.script, Number(port));
  under.clock.advance(under.settings.retry.cap);
  await until(() => under.gateway.triggers.list().length === 0);
  expect(openings(back)[0]).toBe('1200 A1B');
});

test('one that cannot prove itself in the session has not answered', async () => {
  const { under, server, trigger } = await openSite({
    instead: () => ({ status: 500, contentType: 'text/plain', body: new Uint8Array() }),
  });
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt');
  await until(() => under.clock.pending().includes('departures'));
  expect(server.requests).toBe(1);
  expect(under.gateway.triggers.list()).toHaveLength(1);
});

test('its repeat joins it and opens nothing before the time has come', async () => {
  const { under, server, trigger } = await openSite({
    instead: () => ({ status: 500, contentType: 'text/plain', body: new Uint8Array() }),
  });
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt');
  await until(() => under.clock.pending().includes('departures'));
  for (let round = 0; round < 100; round += 1) {
    expect(await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt')).toEqual({ kind: 'joined' });
  }
  expect(server.requests).toBe(1);
  expect(under.gateway.triggers.list()).toHaveLength(1);
});

test('a new session id under the same nonce is another session', async () => {
  const { under, server, trigger } = await openSite();
  const [first, second] = [trigger('A1B'), trigger('A1C')];
  const { triggers } = under.gateway;
  await Promise.all([triggers.receive(gatewayOwner, first, 'mqtt'), triggers.receive(gatewayOwner, second, 'mqtt')]);
  await until(() => triggers.list().length === 0);
  expect(openings(server)).toContain('1200 A1B');
  expect(openings(server)).toContain('1200 A1C');
});

test('a server that wants nothing after all, and proves nothing, has had its session', async () => {
  const { under, server, trigger, nonce } = await openSite({ batches: [] });
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt');
  await until(() => under.gateway.triggers.list().length === 0);
  const before = server.requests;
  expect(nonce()).toBe('');
  expect(await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt')).toEqual({ kind: 'refused', why: 'used' });
  expect(server.requests).toBe(before);
});
