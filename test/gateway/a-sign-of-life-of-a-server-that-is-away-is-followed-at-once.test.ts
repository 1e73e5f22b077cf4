import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { encodeNotification } from '#src/dm/notification/index.js';
import { declareReporting, EventClock, FarAway, mostInASecond, pass, seeded, settle, texts } from './far-away.js';
import { accountAt, declareDevice, openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

const serverPassword = 'server-password';
const first = 1_000;
const settings = { retry: { first, cap: 300_000, maxAge: 7 * 86_400_000, sessionsPerSecond: 20 } };
const ids = Array.from({ length: 40 }, (_, at) => `urn:imei:${at}`);

/** The device that its triggers are for; it has nothing to report itself. */
const wanted = 'urn:imei:wanted';

/** A server that has been away for an hour, and what its devices have to report. */
async function openAway(outage: { status: number; headers?: Record<string, string> } = { status: 503 }, waiting = ids) {
  const server = FarServer.behind('http://dm.example/dm');
  const clock = new EventClock();
  const far = new FarAway(clock, [server]);
  const under = await openGateway({ clock, clients: far, settings, entropy: seeded(11) });
  declareDevice(under, [], { id: wanted });
  const serverSecret = keptSecret('basic', server.serverId, serverPassword, false);
  under.store.accounts.declare(accountAt(server, wanted, { serverSecret }));
  far.outages.set('dm.example', outage);
  await declareReporting(under, server, waiting);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  const trigger = (sessionId: string, password = serverPassword) => {
    const notification = { uiMode: 'background', initiator: 'server', sessionId, serverId: server.serverId } as const;
    const bytes = encodeNotification(notification, { kind: 'password', value: password }, '');
    return under.gateway.triggers.receive(wanted, bytes, 'udp');
  };
  return { server, clock, far, under, trigger };
}

test('a trigger that it sends for a device lets all go that waited for it, under the rate', async () => {
  const { server, clock, far, under, trigger } = await openAway();
  far.outages.clear();
  const { length } = far.arrivals;
  const backAt = clock.monotonic();
  expect(await trigger('A1')).toEqual({ kind: 'accepted' });
  await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  expect(clock.monotonic() - backAt).toBeLessThanOrEqual(2_000);
  expect(mostInASecond(far.arrivals.slice(length).map(({ at }) => at))).toBe(20);
  expect(texts(server)).toHaveLength(ids.length);
});

test('also where the account that waits has failed itself, and waits for that', async () => {
  const { server, far, under, trigger } = await openAway({ status: 503 }, ids.slice(0, 1));
  far.outages.clear();
  await trigger('A1');
  await settle(under, far);
  expect(texts(server)).toEqual(['urn:imei:0 reports']);
});

test('a trigger that comes again is as good, though tries stay apart', async () => {
  const { server, clock, far, under, trigger } = await openAway();
  await trigger('A1');
  await settle(under, far);
  // It was not there after all; now it is, and says so once more.
  far.outages.clear();
  const triedAt = clock.monotonic();
  const { length } = far.arrivals;
  expect(await trigger('A1')).toEqual({ kind: 'joined' });
  await settle(under, far);
  expect(far.arrivals).toHaveLength(length);
  await pass(under, far, { until: () => texts(server).length > 0 });
  expect(clock.monotonic()).toBe(triedAt + first);
});

test('whoever repeats what he has recorded causes no more than that', async () => {
  const { far, under, clock, trigger } = await openAway();
  await trigger('A1');
  await settle(under, far);
  const { length } = far.arrivals;
  for (let tenth = 0; tenth < 100; tenth += 1) {
    for (let repeat = 0; repeat < 10; repeat += 1) await trigger('A1');
    await settle(under, far);
    clock.advance(100);
  }
  await settle(under, far);
  expect(far.arrivals.length - length).toBe(10);
});

test('and a server that has asked to be left alone is, until it sends another', async () => {
  const { server, far, under, trigger } = await openAway({ status: 503, headers: { 'Retry-After': '3000' } });
  await trigger('A1');
  await settle(under, far);
  far.outages.clear();
  const { length } = far.arrivals;
  await trigger('A1');
  await pass(under, far, { time: 2_999_000 });
  expect(far.arrivals).toHaveLength(length);
  expect(await trigger('A2')).toEqual({ kind: 'accepted' });
  await settle(under, far);
  expect(texts(server).length).toBeGreaterThan(0);
});

test('a trigger that proves nothing says nothing of the server', async () => {
  const { far, under, trigger } = await openAway();
  far.outages.clear();
  const { length } = far.arrivals;
  expect(await trigger('A1', 'another')).toEqual({ kind: 'refused', why: 'not-proved' });
  await settle(under, far);
  expect(far.arrivals).toHaveLength(length);
});
