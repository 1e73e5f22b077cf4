import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { gatewayOwner } from '#src/gateway/index.js';
import { until } from '../peers.js';
import { openSite } from './trigger-site.js';

test('forged: without the password, without the nonce, without either', async () => {
  const { under, server, trigger } = await openSite();
  for (let round = 0; round < 10_000; round += 1) {
    const guess = createHash('sha256').update(`${round}`).digest('base64');
    const forged = round % 2 === 0 ? { password: guess } : { nonce: guess };
    const sessionId = (round + 1).toString(16).toUpperCase();
    const verdict = await under.gateway.triggers.receive(gatewayOwner, trigger(sessionId, gatewayOwner, forged), 'udp');
    expect(verdict).toEqual({ kind: 'refused', why: 'not-proved' });
  }
  expect(server.requests).toBe(0);
  expect(under.gateway.triggers.list()).toEqual([]);
  expect(under.gateway.triggers.counts).toMatchObject({ accepted: 0, joined: 0, refused: { 'not-proved': 10_000 } });
});

test('replayed under a nonce that a session has retired', async () => {
  const { under, server, trigger } = await openSite();
  const recorded = trigger('A1B');
  await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp');
  await until(() => under.gateway.triggers.list().length === 0);
  const before = server.requests;
  for (let round = 0; round < 10_000; round += 1) {
    expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'refused', why: 'not-proved' });
  }
  expect(server.requests).toBe(before);
});

test('replayed where the scheme has no nonce', async () => {
  const { under, server, trigger } = await openSite({ scheme: 'basic' });
  const recorded = trigger('A1B');
  await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp');
  await until(() => under.gateway.triggers.list().length === 0);
  const before = server.requests;
  for (let round = 0; round < 100; round += 1) {
    expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'refused', why: 'used' });
  }
  expect(server.requests).toBe(before);
  expect(await under.gateway.triggers.receive(gatewayOwner, trigger('A1C'), 'udp')).toEqual({ kind: 'accepted' });
});
