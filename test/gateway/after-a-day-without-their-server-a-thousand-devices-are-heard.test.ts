import { expect, test } from 'vitest';
import type { Alert } from '#src/dm/syncml/index.js';
import { genericAlert } from './commands.js';
import { declareReporting, EventClock, FarAway, mostInASecond, pass, report, seeded } from './far-away.js';
import { type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

const devices = 1_000;
const rate = 20;
const halfADay = 43_200_000;
const cap = 300_000;
const retryAfter = 120_000;
const settings = { retry: { first: 1_000, cap, maxAge: 7 * 86_400_000, sessionsPerSecond: rate } };
/** Sessions with one server at once. */
const atOnce = 16;
const ids = Array.from({ length: devices }, (_, at) => `urn:imei:${at}`);
const said = (id: string) => [`${id} reports`, `${id} again`];

/** What came of each device, each time that it came. */
function heard(server: FarServer): Map<string, Omit<Alert, 'CmdID'>[]> {
  const byDevice = new Map<string, Omit<Alert, 'CmdID'>[]>();
  for (const { SyncHdr, SyncBody } of server.messages) {
    const alerts = SyncBody.commands.flatMap((command) => (command.name === 'Alert' && command.Data === '1226' ? [command] : []));
    const before = byDevice.get(SyncHdr.Source.LocURI) ?? [];
    byDevice.set(SyncHdr.Source.LocURI, [...before, ...alerts.map(({ CmdID: _, ...alert }) => alert)]);
  }
  return byDevice;
}

/** A device that comes while its server is away. */
async function comeBy(under: GatewayUnderTest, id: string): Promise<void> {
  const device = new FarDevice(under.url, { id });
  expect(await device.session([genericAlert(`${id} comes by`)])).toMatchObject({ reason: 'complete' });
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
}

test('under the rate, within twice the ideal, each in order, and nothing that was acknowledged is lost', async () => {
  const server = FarServer.behind('http://dm.example/dm');
  const clock = new EventClock();
  const far = new FarAway(clock, [server]);
  far.outages.set('dm.example', { silence: 0 });
  const entropy = seeded(22);
  const before = await openGateway({ clock, clients: far, entropy, settings });
  await declareReporting(before, server, ids);
  for (const id of ids) report(before, server, id, `${id} again`);
  await before.store.committed();
  before.gateway.start();
  await pass(before, far, { time: halfADay / 2 });
  await comeBy(before, 'urn:imei:7');
  await pass(before, far, { time: halfADay / 2 });
  await before.kill();

  const later = new EventClock(clock.now());
  const again = new FarAway(later, [server]);
  again.outages.set('dm.example', { status: 503, headers: { 'Retry-After': String(retryAfter / 1_000) } });
  const under = await openGateway({ directory: before.directory, clock: later, clients: again, entropy, settings });
  under.gateway.start();
  await pass(under, again, { time: halfADay });
  await comeBy(under, 'urn:imei:8');
  expect(under.gateway.serversAway).toEqual({ waiting: 1, tried: 0 });
  expect(server.messages).toEqual([]);
  // Without an answer a try each half of the cap, with Retry-After that much later; and those of a start, and of the wait that grows.
  const attempts = far.arrivals.length + again.arrivals.length;
  expect(attempts).toBeLessThan(1.15 * (halfADay / (cap / 2) + halfADay / (retryAfter + cap / 2)) + 2 * (atOnce + 9) + 2);
  expect(attempts).toBeGreaterThan(300);

  const backAt = later.monotonic();
  again.outages.clear();
  again.latency = 300;
  let answers = 0;
  again.isLost = () => ++answers % 200 === 0;
  await pass(under, again, { until: () => server.messages.length > 0 });
  const noticedAt = later.monotonic();
  expect(noticedAt - backAt).toBeLessThan(retryAfter + cap + 1_000);
  await pass(under, again, { until: () => under.store.outbox.total() === 0 });
  const took = later.monotonic() - noticedAt;
  expect(took).toBeLessThan((2 * devices * 1_000) / rate);
  const starts = again.arrivals.filter(({ at }) => at >= backAt).map(({ at }) => at);
  expect(mostInASecond(starts)).toBeLessThanOrEqual(rate);
  expect(under.gateway.serversAway).toEqual({ waiting: 0, tried: 0 });

  const all = heard(server);
  let repeats = 0;
  for (const id of ids) {
    const expected = id === 'urn:imei:7' || id === 'urn:imei:8' ? [...said(id), `${id} comes by`] : said(id);
    const texts = (all.get(id) ?? []).map(({ Item }) => Item?.[0]?.Data ?? '');
    expect([...new Set(texts)]).toEqual(expected);
    expect(new Set(all.get(id)?.map((alert) => JSON.stringify(alert))).size).toBe(expected.length);
    repeats += texts.length - expected.length;
  }
  expect(repeats).toBeGreaterThan(0);
});
