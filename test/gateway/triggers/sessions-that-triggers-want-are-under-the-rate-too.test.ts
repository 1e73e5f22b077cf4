import { expect, test } from 'vitest';
import { encodeNotification } from '#src/dm/notification/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { get } from '../commands.js';
import { EventClock, FarAway, mostInASecond, pass, settle } from '../far-away.js';
import { declareOwnAccount, openGateway } from '../gateway-under-test.js';
import { FarServer } from '../peers.js';
import { openings } from './trigger-site.js';

const serverPassword = 'server-password';

async function open(count: number, sessionsPerSecond: number) {
  const servers = Array.from({ length: count }, (_, at) =>
    FarServer.behind(`http://${at}.example/dm`, {
      serverId: `s${at}`,
      scheme: 'md5',
      serverPassword,
      batches: [[get('1', './DevInfo/Man')]],
    }),
  );
  const clock = new EventClock();
  const far = new FarAway(clock, servers);
  const retry = { first: 1_000, cap: 300_000, maxAge: 7 * 86_400_000, sessionsPerSecond };
  const under = await openGateway({ clock, clients: far, settings: { retry } });
  for (const server of servers) declareOwnAccount(under, server, { correlation: 'none' });
  const wants = ({ serverId }: FarServer, sessionId: string) => {
    const nonce = under.store.nonces.get(`north/${gatewayOwner}/${serverId}`, 'server') ?? '';
    const notification = { uiMode: 'background', initiator: 'server', sessionId, serverId } as const;
    const bytes = encodeNotification(notification, { kind: 'password', value: serverPassword }, nonce);
    return under.gateway.triggers.receive(gatewayOwner, bytes, 'mqtt');
  };
  return { servers, clock, far, under, wants };
}

test('those of twelve servers, five in each second', async () => {
  const { servers, far, under, wants } = await open(12, 5);
  for (const server of servers) expect(await wants(server, 'A1')).toEqual({ kind: 'accepted' });
  await pass(under, far, { until: () => under.gateway.triggers.list().length === 0 });
  expect(mostInASecond(far.arrivals.map(({ at }) => at))).toBe(5);
  expect(servers.map((server) => openings(server)[0])).toEqual(servers.map(() => '1200 A1'));
});

test('a server that was away and asks again has its sessions at once', async () => {
  const { servers, clock, far, under, wants } = await open(1, 20);
  const [server] = servers;
  if (server === undefined) throw new Error('there is one');
  far.outages.set('0.example', { status: 503, headers: { 'Retry-After': '3600' } });
  await wants(server, 'A1');
  await pass(under, far, { time: 60_000 });
  expect(far.arrivals).toHaveLength(1);
  far.outages.clear();
  const at = clock.monotonic();
  expect(await wants(server, 'A2')).toEqual({ kind: 'accepted' });
  await settle(under, far);
  expect(clock.monotonic()).toBe(at);
  expect(under.gateway.triggers.list()).toEqual([]);
  expect(openings(server)).toEqual(['1200 A1', '1200 A2']);
});
