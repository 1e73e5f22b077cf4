import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { declareReporting, EventClock, FarAway, pass } from './far-away.js';
import { openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

const start = Date.UTC(2026, 0, 1);
const settings = { retry: { first: 1_000, cap: 300_000, maxAge: 7 * 86_400_000, sessionsPerSecond: 20 } };

async function open() {
  const server = FarServer.behind('http://dm.example/dm');
  const clock = new EventClock(start);
  const far = new FarAway(clock, [server]);
  // With this luck each wait is as long as it can be.
  const under = await openGateway({ clock, clients: far, settings, entropy: { below: (end) => end - 1 } });
  far.outages.set('dm.example', { status: 503 });
  return { server, clock, far, under };
}

const about = { serverId: 'operator', address: 'http://dm.example', detail: 'the server answered HTTP 503' };

test('since when, when it is tried again, and what the last try met', async () => {
  const { server, clock, far, under } = await open();
  await declareReporting(under, server, ['urn:imei:1', 'urn:imei:2']);
  expect(under.gateway.listServersAway()).toEqual([]);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  const [away] = under.gateway.listServersAway();
  expect(away).toEqual({ ...about, since: start, nextTry: expect.any(Number) });
  const { length } = far.arrivals;
  await pass(under, far, { until: () => far.arrivals.length > length });
  expect(clock.now()).toBe(away?.nextTry);
  far.outages.clear();
  await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  expect(under.gateway.listServersAway()).toEqual([]);
});

test('also of one account alone, whose own wait counts', async () => {
  const { server, clock, far, under } = await open();
  await declareReporting(under, server, ['urn:imei:1']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  const [away] = under.gateway.listServersAway();
  const { length } = far.arrivals;
  await pass(under, far, { until: () => far.arrivals.length > length });
  expect(clock.now()).toBe(away?.nextTry);
});

test('where nothing waits any more, it is tried as soon as anything does', async () => {
  const { server, far, under } = await open();
  await declareReporting(under, server, ['urn:imei:1', 'urn:imei:2']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  for (const owner of ['urn:imei:1', 'urn:imei:2'])
    for (const { id } of under.store.outbox.pending(owner, 'operator')) under.store.outbox.settle(id, 'expired', start);
  await under.store.committed();
  await pass(under, far, { time: 3_600_000 });
  expect(under.gateway.listServersAway()).toEqual([{ ...about, since: start }]);
  expect(under.gateway.serversAway).toEqual({ waiting: 0, tried: 1 });
});

test('also when the database cannot be read: it is asked for then above all', async () => {
  const { server, far, under } = await open();
  await declareReporting(under, server, ['urn:imei:1', 'urn:imei:2']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  under.store.accounts.addresses = () => {
    throw new PosternError('store.input-output', { file: 'gateway.db', what: 'disk I/O error' });
  };
  expect(under.gateway.listServersAway()).toMatchObject([about]);
});

test('one whose accounts are gone is not told of', async () => {
  const { server, far, under } = await open();
  await declareReporting(under, server, ['urn:imei:1', 'urn:imei:2']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  for (const owner of ['urn:imei:1', 'urn:imei:2']) under.store.accounts.remove(owner, 'operator');
  expect(under.gateway.listServersAway()).toEqual([]);
});
