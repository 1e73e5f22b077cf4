import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import type { DmResponse } from '#src/gateway/index.js';
import { declareReporting, EventClock, FarAway, mostInASecond, pass, seeded, settle } from './far-away.js';
import { accountAt, declareDevice, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { contentType, decode, FarDevice, FarServer, packageOne } from './peers.js';

const rate = 20;
const settings = { retry: { first: 1_000, cap: 300_000, maxAge: 7 * 86_400_000, sessionsPerSecond: rate }, maxSessions: 256 };
const south = { scheme: 'basic', userName: 'device', clientSecret: { kind: 'password', value: 'device-password' } } as const;
const names = (count: number, of: string) => Array.from({ length: count }, (_, at) => `urn:imei:${of}${at}`);

/** What a device met when it came. */
interface Visit {
  readonly device: string;
  readonly at: number;
  status: number;
  /** Of the answer that sent it away, in milliseconds. */
  retryAfter?: number;
  answeredAt: number;
}

/** Without a socket: how long that takes is nobody's time. */
function post({ gateway }: GatewayUnderTest, body: Uint8Array): Promise<DmResponse> {
  const { signal } = new AbortController();
  return Promise.resolve(gateway.handler({ path: '/dm', contentType, body, remoteAddress: '192.0.2.9', encrypted: false, signal }));
}

/** A device that comes by itself, and again after the time that it was told; where that is over no sooner. */
async function come(under: GatewayUnderTest, device: string, visits: Visit[], isObedient = true): Promise<void> {
  const { clock, url } = under;
  const body = packageOne({ id: device, url, cred: { scheme: 'basic', userName: 'device', password: 'device-password' } });
  const visit: Visit = { device, at: clock.monotonic(), status: 0, answeredAt: 0 };
  visits.push(visit);
  const answer = await post(under, body);
  visit.status = answer.status;
  visit.answeredAt = clock.monotonic();
  if (answer.status === 200) return;
  visit.retryAfter = 1_000 * Number(answer.headers?.['Retry-After']);
  await new Promise<void>((resolve) => void clock.timer('a device stays away', isObedient ? (visit.retryAfter ?? 0) : 1_000, resolve));
  return come(under, device, visits, isObedient);
}

/** Two servers, one of which has been away for an hour: two devices have something to tell it. */
async function openAway() {
  const server = FarServer.behind('http://dm.example/dm');
  const other = FarServer.behind('http://other.example/dm', { serverId: 'other' });
  const clock = new EventClock();
  const far = new FarAway(clock, [server, other]);
  const counters = new Counters();
  const under = await openGateway({ clock, clients: far, settings, counters, entropy: seeded(3) });
  far.outages.set('dm.example', { status: 503 });
  await declareReporting(under, server, ['urn:imei:first', 'urn:imei:second']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  const declare = (ids: readonly string[], at = server) => {
    for (const id of ids) {
      declareDevice(under, [], { id, south });
      under.store.inventory.recordContact(id, { firmware: '1' }, clock.now());
      under.store.accounts.declare(accountAt(at, id));
    }
    return under.store.committed();
  };
  const startsAt = (host: string) => far.arrivals.filter((one) => one.host === host).map(({ at }) => at);
  return { server, other, clock, far, under, counters, declare, startsAt };
}

const served = (visits: readonly Visit[]) => visits.filter(({ status }) => status === 200);

test.each([
  [1_000, 'as soon as it is back, and before anybody knows', false],
  [300, 'when it is known to be back', true],
])('%d %s: all of them, in little more than the shortest time, and few wait', async (count, _, isKnown) => {
  const { server, clock, far, under, declare, startsAt } = await openAway();
  const ids = names(count, 'home-');
  await declare(ids);
  far.outages.clear();
  if (isKnown) await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  const before = server.messages.length;
  const startedAt = clock.monotonic();
  const visits: Visit[] = [];
  const all = ids.map((id) => come(under, id, visits));
  let mostOpen = 0;
  const look = () => {
    mostOpen = Math.max(mostOpen, under.gateway.sessions().length);
    return served(visits).length === ids.length;
  };
  await pass(under, far, { until: look });
  await Promise.all(all);
  expect(mostInASecond(startsAt('dm.example'))).toBeLessThanOrEqual(rate);
  const met = new Set(server.messages.slice(before).map(({ SyncHdr }) => SyncHdr.Source.LocURI));
  expect(ids.filter((id) => !met.has(id))).toEqual([]);
  expect(clock.monotonic() - startedAt).toBeLessThanOrEqual(2 * (count / rate) * 1_000);
  // Some 50 wait at the gateway, with as many sessions north as have begun; the others come when they were told.
  expect(mostOpen).toBeLessThanOrEqual(50 + rate);
  expect(Math.max(...visits.map(({ at, answeredAt }) => answeredAt - at))).toBeLessThanOrEqual(6_000);
  expect(Math.max(...ids.map((id) => visits.filter(({ device }) => device === id).length))).toBeLessThanOrEqual(3);
});

test('those that do not stay away as long as they are told get no more than the rate either', async () => {
  const { clock, far, under, declare, startsAt } = await openAway();
  const ids = names(150, 'hasty-');
  await declare(ids);
  far.outages.clear();
  const startedAt = clock.monotonic();
  const visits: Visit[] = [];
  const all = ids.map((id) => come(under, id, visits, false));
  await pass(under, far, { until: () => served(visits).length === ids.length });
  await Promise.all(all);
  expect(mostInASecond(startsAt('dm.example'))).toBeLessThanOrEqual(rate);
  expect(clock.monotonic() - startedAt).toBeLessThanOrEqual(2 * (ids.length / rate) * 1_000);
});

test('the devices of another server have their sessions meanwhile', async () => {
  const { other, far, under, declare, startsAt } = await openAway();
  const [many, others] = [names(200, 'home-'), names(100, 'other-')];
  await declare(many);
  await declare(others, other);
  far.outages.clear();
  const visits: Visit[] = [];
  for (const id of many) void come(under, id, visits);
  await settle(under, far);
  const theirs: Visit[] = [];
  for (const id of others) void come(under, id, theirs);
  await settle(under, far);
  expect(served(theirs)).toHaveLength(others.length);
  expect(startsAt('other.example')).toHaveLength(others.length);
  await pass(under, far, { until: () => served(visits).length === many.length });
});

test('what is put off is taken whole when it comes again, with the same credentials', async () => {
  const { server, far, under, counters, declare } = await openAway();
  const ids = names(60, 'home-');
  await declare(ids);
  far.outages.clear();
  const visits: Visit[] = [];
  for (const id of ids) void come(under, id, visits);
  await settle(under, far);
  const away = visits.filter(({ status }) => status === 503);
  expect(away.length).toBeGreaterThan(0);
  expect(away.map(({ retryAfter = 0 }) => retryAfter).every((wait) => wait >= 5_000 && wait <= 7_000)).toBe(true);
  await pass(under, far, { until: () => served(visits).length === ids.length });
  expect(new Set(server.messages.map(({ SyncHdr }) => SyncHdr.Source.LocURI)).size).toBe(ids.length + 2);
  expect(counters.samples('postern_messages_refused_total')).toEqual([{ labels: { reason: 'put-off' }, value: away.length }]);
  // Nobody has guessed.
  expect(counters.samples('postern_logins_refused_total')).toEqual([]);
});

test('of a device with MD5 too: its nonce is not used up by being put off', async () => {
  const { far, under, declare } = await openAway();
  const ids = names(120, 'home-');
  await declare(ids);
  const device = new FarDevice(under.url, { id: 'urn:imei:first' });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  far.outages.clear();
  const visits: Visit[] = [];
  // The first twenty go at once: only after more have come is the line full.
  for (const part of [ids.slice(0, 60), ids.slice(60)]) {
    for (const id of part) void come(under, id, visits);
    await settle(under, far);
  }
  const nonce = device.nonces.get('client') ?? '';
  const cred = { scheme: 'md5', userName: 'device', password: 'device-password', nonce } as const;
  const body = packageOne({ id: device.id, url: under.url, sessionId: '9', cred });
  expect((await post(under, body)).status).toBe(503);
  await pass(under, far, { until: () => served(visits).length === ids.length });
  const answer = post(under, body);
  await pass(under, far, { time: 10_000 });
  const [header] = decode((await answer).body).SyncBody.commands;
  expect(header).toMatchObject({ name: 'Status', Data: '212' });
});

test('a minute after the last one nobody waits any more', async () => {
  const { far, under, declare, startsAt } = await openAway();
  const ids = names(100, 'home-');
  await declare(ids);
  far.outages.clear();
  await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  await pass(under, far, { time: 61_000 });
  const { length } = startsAt('dm.example');
  const visits: Visit[] = [];
  for (const id of ids) void come(under, id, visits);
  await settle(under, far);
  expect(served(visits)).toHaveLength(ids.length);
  expect(startsAt('dm.example').length - length).toBe(ids.length);
});

test('a gateway that stops lets nobody wait', async () => {
  const { far, under, declare } = await openAway();
  const ids = names(60, 'home-');
  await declare(ids);
  far.outages.clear();
  const visits: Visit[] = [];
  for (const id of ids) void come(under, id, visits);
  await settle(under, far);
  const stopped = under.gateway.stop(7_000);
  await settle(under, far);
  await stopped;
  expect(visits.filter(({ status }) => status === 0)).toEqual([]);
});
