import { expect, test } from 'vitest';
import { declareReporting, EventClock, FarAway, pass } from './far-away.js';
import { openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

test.each([
  ['600', 600_000],
  [new Date(start + 600_000).toUTCString(), 600_000],
  ['31536000', hour],
  [new Date(start + 1_000 * hour).toUTCString(), hour],
  ['9'.repeat(400), hour],
  // What is over, or cannot be read, changes nothing: without luck the shortest wait is a millisecond.
  [new Date(start - hour).toUTCString(), 1],
  ['soon', 1],
  ['-5', 1],
  ['', 1],
])('Retry-After: %s', async (value, expected) => {
  const server = FarServer.behind('http://dm.example/dm');
  const clock = new EventClock(start);
  const far = new FarAway(clock, [server]);
  const under = await openGateway({ clock, clients: far, entropy: { below: () => 0 } });
  far.outages.set('dm.example', { status: 503, headers: { 'Retry-After': value } });
  await declareReporting(under, server, ['urn:imei:1']);
  under.gateway.start();
  await pass(under, far, { until: () => far.arrivals.length === 1 });
  far.outages.clear();
  await pass(under, far, { until: () => server.alerts.length === 1 });
  expect(far.arrivals.map(({ at }) => at - start)).toEqual([0, expected]);
});

test('by all its accounts, though one has asked', async () => {
  const server = FarServer.behind('http://dm.example/dm');
  const clock = new EventClock(start);
  const far = new FarAway(clock, [server]);
  const under = await openGateway({
    clock,
    clients: far,
    settings: { retry: { first: 1_000, cap: 60_000, maxAge: hour, sessionsPerSecond: 1 } },
  });
  far.outages.set('dm.example', { status: 429, headers: { 'Retry-After': '600' } });
  await declareReporting(under, server, ['urn:imei:1', 'urn:imei:2', 'urn:imei:3']);
  under.gateway.start();
  await pass(under, far, { time: 600_000 });
  expect(far.arrivals).toHaveLength(1);
  far.outages.clear();
  await pass(under, far, { until: () => server.alerts.length === 3 });
  expect(clock.monotonic() - start).toBeLessThanOrEqual(600_000 + 2_000 + 3_000);
});
