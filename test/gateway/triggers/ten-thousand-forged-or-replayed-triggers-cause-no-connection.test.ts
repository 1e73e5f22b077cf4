import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { gatewayOwner } from '#src/gateway/index.js';
import { until } from '../peers.js';
import { openSite } from './trigger-site.js';

const rounds = 10_000;

describe.each(['md5', 'basic'] as const)('with the scheme %s', (scheme) => {
  test('forged: without the password, without the nonce, without either', async () => {
    const { under, server, trigger } = await openSite({ scheme });
    for (let round = 0; round < rounds; round += 1) {
      const guess = createHash('sha256').update(`${round}`).digest('base64');
      const forged = [{ password: guess }, { nonce: guess }, { password: guess, nonce: guess }][round % 3];
      const sessionId = (round + 1).toString(16).toUpperCase();
      const verdict = await under.gateway.triggers.receive(gatewayOwner, trigger(sessionId, gatewayOwner, forged), 'udp');
      expect(verdict).toEqual({ kind: 'refused', why: 'not-proved' });
    }
    expect(server.requests).toBe(0);
    expect(under.gateway.triggers.list()).toEqual([]);
    expect(under.gateway.triggers.counts).toMatchObject({ accepted: 0, joined: 0, refused: { 'not-proved': rounds } });
  });

  test('replayed after a session has answered it', async () => {
    const { under, server, trigger } = await openSite({ scheme });
    const recorded = trigger('A1B');
    await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp');
    await until(() => under.gateway.triggers.list().length === 0);
    const before = server.requests;
    // Its nonce is retired; where the scheme has none, what was answered is remembered.
    const why = scheme === 'md5' ? 'not-proved' : 'used';
    for (let round = 0; round < rounds; round += 1) {
      expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'refused', why });
    }
    expect(server.requests).toBe(before);
    expect(under.gateway.triggers.list()).toEqual([]);
    expect(await under.gateway.triggers.receive(gatewayOwner, trigger('A1C'), 'udp')).toEqual({ kind: 'accepted' });
  });

  test('repeated while it waits: all join the one that is pending', async () => {
    const { under, server, trigger } = await openSite({ scheme, instead: () => ({ status: 503 }) });
    const recorded = trigger('A1B');
    expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'accepted' });
    await until(() => under.clock.pending().includes('departures'));
    for (let round = 0; round < rounds; round += 1) {
      expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'joined' });
    }
    expect(server.requests).toBe(1);
    expect(under.gateway.triggers.list()).toMatchObject([{ sessionId: 'A1B' }]);
    expect(under.gateway.triggers.counts).toMatchObject({ accepted: 1, joined: rounds });
  });
});
