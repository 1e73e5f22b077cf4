import { expect, test } from 'vitest';
import { wrapPush } from '#src/dm/notification/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { until } from '../peers.js';
import { openings, openSite } from './trigger-site.js';

test("a session with alert 1200 and the trigger's SessionID, in which the server gets a new nonce", async () => {
  const { under, server, trigger, nonce } = await openSite();
  expect(await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'https')).toEqual({ kind: 'accepted' });
  await until(() => under.gateway.triggers.list().length === 0);
  expect(openings(server)[0]).toBe('1200 A1B');
  expect(nonce()).not.toBe('');
});

test('in a WSP push as well as bare', async () => {
  const { under, server, trigger } = await openSite();
  await under.gateway.triggers.receive(gatewayOwner, wrapPush(trigger('7'), 1), 'udp');
  await until(() => under.gateway.triggers.list().length === 0);
  expect(openings(server)[0]).toBe('1200 7');
});

test('what it said of itself is shown while it is pending', async () => {
  const { under, server, trigger } = await openSite();
  await server.close();
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B', gatewayOwner, { uiMode: 'informative', initiator: 'client' }), 'mqtt');
  expect(under.gateway.triggers.list()).toEqual([
    {
      owner: gatewayOwner,
      serverId: server.serverId,
      sessionId: 'A1B',
      nonce: '',
      uiMode: 'informative',
      initiator: 'client',
      carrier: 'mqtt',
      receivedAt: under.clock.now(),
    },
  ]);
});
