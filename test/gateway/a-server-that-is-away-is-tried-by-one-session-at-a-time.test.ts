import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareReporting, EventClock, FarAway, mostInASecond, pass, report, seeded, settle, texts } from './far-away.js';
import { type GatewayOptions, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, FarServer, type ServerScript } from './peers.js';

const cap = 300_000;
const settings = { retry: { first: 1_000, cap, maxAge: 7 * 86_400_000, sessionsPerSecond: 20 } };
const ids = Array.from({ length: 40 }, (_, at) => `urn:imei:${at}`);

async function open(options: GatewayOptions = {}, script: ServerScript = {}) {
  const server = FarServer.behind('http://dm.example/dm', script);
  const clock = new EventClock();
  const far = new FarAway(clock, [server]);
  const under = await openGateway({ clock, clients: far, settings, ...options });
  return { server, clock, far, under, away: () => far.outages.set('dm.example', { silence: 8_000 }) };
}

/** Does as a server whose answer depends on who asks. */
const onlyFor = (id: string, status: number): ServerScript => ({
  instead: ({ body }) => (decode(body).SyncHdr.Source.LocURI === id ? { status } : undefined),
});

test('after waits that are spread evenly up to the cap, by one account after the other', async () => {
  const { server, far, under, away } = await open({ entropy: seeded(7) });
  away();
  await declareReporting(under, server, ids.slice(0, 20));
  under.gateway.start();
  await pass(under, far, { time: 600_000 });
  const before = far.arrivals.length;
  let most = 0;
  const look = () => {
    most = Math.max(most, far.waiting);
    return false;
  };
  await pass(under, far, { time: 43_200_000, until: look });
  expect(most).toBe(1);
  const starts = far.arrivals.slice(before).map(({ at }) => at);
  const waits = starts.slice(1).map((at, index) => at - (starts[index] ?? 0) - 8_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(cap + 1);
  expect(waits.length).toBeGreaterThan(200);
  for (let fifth = 0; fifth < 5; fifth += 1) {
    const within = waits.filter((wait) => wait > (fifth * cap) / 5 && wait <= ((fifth + 1) * cap) / 5).length;
    expect(within / waits.length).toBeGreaterThan(0.12);
    expect(within / waits.length).toBeLessThan(0.28);
  }
});

test("an answer in a device's own session lets all go that waited, under the rate", async () => {
  const { server, far, under, clock } = await open();
  far.outages.set('dm.example', { silence: 0 });
  await declareReporting(under, server, ids);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  far.outages.clear();
  const backAt = clock.monotonic();
  const before = far.arrivals.length;
  expect(await new FarDevice(under.url, { id: 'urn:imei:3' }).session()).toMatchObject({ reason: 'complete' });
  await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  expect(clock.monotonic() - backAt).toBeLessThanOrEqual(2_000);
  expect(mostInASecond(far.arrivals.slice(before + 1).map(({ at }) => at))).toBe(20);
  // In the order of their age; the device itself was first.
  expect(texts(server).slice(1)).toEqual(ids.filter((id) => id !== 'urn:imei:3').map((id) => `${id} reports`));
});

test('it is said when it goes and when it comes back, once', async () => {
  const { server, far, under, away } = await open();
  away();
  await declareReporting(under, server, ids);
  under.gateway.start();
  expect(under.gateway.serversAway).toEqual({ waiting: 0, tried: 0 });
  await pass(under, far, { time: 3_600_000 });
  expect(under.gateway.serversAway.waiting + under.gateway.serversAway.tried).toBe(1);
  far.outages.clear();
  await pass(under, far, { until: () => under.store.outbox.total() === 0 });
  expect(under.gateway.serversAway).toEqual({ waiting: 0, tried: 0 });
  const about = under.log.filter(({ fields }) => fields['address'] === 'http://dm.example');
  expect(about.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn a DM server does not answer',
    'info a DM server answers again',
  ]);
});

test.each([404, 413, 500])('one account alone that gets HTTP %d holds nobody back', async (status) => {
  const { server, far, under, clock } = await open({}, onlyFor('urn:imei:0', status));
  await declareReporting(under, server, ids);
  const startedAt = clock.monotonic();
  under.gateway.start();
  await pass(under, far, { until: () => under.store.outbox.total() === 1 });
  expect(clock.monotonic() - startedAt).toBeLessThanOrEqual(3_000);
  await pass(under, far, { time: 3_600_000 });
  report(under, server, 'urn:imei:1', 'something new');
  await under.store.committed();
  under.gateway.correlation.reconcile();
  await settle(under, far);
  expect(texts(server)).toContain('something new');
});

test('a device that comes meanwhile has its session, and what it reports is kept', async () => {
  const { server, far, under } = await open();
  far.outages.set('dm.example', { status: 503 });
  await declareReporting(under, server, ids);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  const device = new FarDevice(under.url, { id: 'urn:imei:3' });
  expect(await device.session([genericAlert('low')])).toMatchObject({ reason: 'complete' });
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
  expect(under.store.outbox.pending('urn:imei:3', 'operator')).toHaveLength(2);
});
