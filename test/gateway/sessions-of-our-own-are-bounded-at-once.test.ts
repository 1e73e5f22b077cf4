import { expect, test } from 'vitest';
import { get } from './commands.js';
import { declareReporting, EventClock, FarAway, mostInASecond, pass } from './far-away.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

async function open(servers: readonly FarServer[], sessionsPerSecond: number) {
  const clock = new EventClock();
  const far = new FarAway(clock, servers);
  const retry = { first: 1_000, cap: 300_000, maxAge: 7 * 86_400_000, sessionsPerSecond };
  return { far, under: await openGateway({ clock, clients: far, settings: { retry, sessionIdle: 60_000 } }) };
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `urn:imei:${name}-${at}`);

test('sixteen with one server, sixty-four with all', async () => {
  const servers = ['a', 'b', 'c', 'd', 'e'].map((serverId) => FarServer.behind(`http://${serverId}.example/dm`, { serverId }));
  const { far, under } = await open(servers, 1_000);
  far.latency = 5_000;
  const most: number[] = [];
  for (const server of servers) {
    await declareReporting(under, server, numbered(server.serverId, 20));
    under.gateway.start();
    await pass(under, far, { time: 1 });
    most.push(far.waiting);
  }
  expect(most).toEqual([16, 32, 48, 64, 64]);
  let peak = 0;
  const isDone = () => {
    peak = Math.max(peak, far.waiting);
    return under.store.outbox.total() === 0;
  };
  await pass(under, far, { until: isDone });
  expect(peak).toBe(64);
  expect(servers.map(({ alerts }) => alerts.length)).toEqual([20, 20, 20, 20, 20]);
});

test('those that had to wait for an open session of their account begin under the rate too', async () => {
  const ids = numbered('vanishing', 6);
  const server = FarServer.behind('http://dm.example/dm', { batches: ids.map(() => [get('g', './DevInfo/Man')]) });
  const { far, under } = await open([server], 2);
  for (const id of ids) {
    declareDevice(under, [server], { id });
    await new FarDevice(under.url, { id, instead: () => 'vanish' }).session();
  }
  await declareReporting(under, server, ids);
  const opened = far.arrivals.length;
  under.gateway.start();
  await pass(under, far, { time: 59_000 });
  expect(far.arrivals).toHaveLength(opened);
  // All devices are given up at once.
  await pass(under, far, { until: () => server.alerts.length === ids.length });
  expect(mostInASecond(far.arrivals.slice(opened).map(({ at }) => at))).toBe(2);
});
