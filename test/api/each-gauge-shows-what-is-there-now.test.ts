import { expect, test } from 'vitest';
import { gatewayGauges } from '#src/api/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { type GatewayState, wellness } from '#src/programs/gateway/health/wellness.js';
import { declareDevice, type GatewayUnderTest } from '../gateway/gateway-under-test.js';
import { FarDevice, until } from '../gateway/peers.js';
import { openSite } from '../gateway/triggers/trigger-site.js';

type Gauge = keyof ReturnType<typeof gatewayGauges>;

/** What a gauge is now: one value, or one for each label. */
function look({ gateway, store }: GatewayUnderTest, name: Gauge, state: GatewayState = 'running', seconds = 5): unknown {
  const well = wellness({ state: () => state, store });
  const isReady = () => well.reasons().length + well.broken().length === 0;
  const about = { version: '0.1.0', uptime: () => seconds, isReady, loopDelay: () => 0.002, brokerConnections: () => 3 };
  const samples = gatewayGauges({ gateway, store, ...about })[name];
  if (Object.keys(samples[0]?.labels ?? {}).length === 0) return samples[0]?.value;
  return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

test('triggers that wait for their session, and reports that wait for their server', async () => {
  const { under, server, trigger } = await openSite();
  expect([look(under, 'postern_triggers_pending'), look(under, 'postern_outbox_pending')]).toEqual([0, 0]);
  await server.close();
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'udp');
  const report = { owner: gatewayOwner, serverId: server.serverId, alert: '{}', origin: 'a', createdAt: 0, nextAt: 0 };
  under.store.outbox.enqueue(report);
  under.store.outbox.enqueue({ ...report, origin: 'b' });
  expect([look(under, 'postern_triggers_pending'), look(under, 'postern_outbox_pending')]).toEqual([1, 2]);
});

test('DM servers that do not answer, before and after the time of the next try', async () => {
  const { under, server, trigger } = await openSite({ instead: () => ({ status: 503, headers: { 'Retry-After': '60' } }) });
  expect(look(under, 'postern_servers_away')).toEqual({ waiting: 0, tried: 0 });
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'udp');
  await until(() => server.requests === 1 && under.gateway.sessions().length === 0);
  expect(look(under, 'postern_servers_away')).toEqual({ waiting: 1, tried: 0 });
  under.clock.advance(60_000 + under.settings.retry.cap);
  expect(look(under, 'postern_servers_away')).toEqual({ waiting: 0, tried: 1 });
});

test('sessions that are open, and where devices stand', async () => {
  const { under, server } = await openSite();
  declareDevice(under, [server], { south: declareDevice(under).south ?? expect.fail('it has some') });
  declareDevice(under, [], { id: 'urn:imei:2' });
  expect(look(under, 'postern_sessions_open')).toEqual({ south: 0, north: 0 });
  expect(look(under, 'postern_devices')).toEqual({ known: 2 });
  await new FarDevice(under.url, { instead: () => 'vanish' }).session();
  await until(() => JSON.stringify(look(under, 'postern_sessions_open')) === '{"south":1,"north":1}');
  expect(look(under, 'postern_devices')).toEqual({ attached: 1, known: 1 });
});

test('whether it is ready, since when it runs and the memory that it takes', async () => {
  const { under } = await openSite();
  expect([look(under, 'postern_ready', 'starting'), look(under, 'postern_ready')]).toEqual([0, 1]);
  expect([look(under, 'postern_uptime_seconds'), look(under, 'postern_uptime_seconds', 'running', 6)]).toEqual([5, 6]);
  const before = Number(look(under, 'postern_resident_memory_bytes'));
  const taken = Buffer.alloc(64 * 1024 * 1024, 1);
  expect(Number(look(under, 'postern_resident_memory_bytes')) - before).toBeGreaterThan(taken.length / 2);
});
