import { expect, test } from 'vitest';
import { declareReporting, EventClock, FarAway, pass, report, texts } from './far-away.js';
import { openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

const count = 200;
const rate = 20;
const retry = { first: 1_000, cap: 300_000, maxAge: 7 * 86_400_000 };

async function open(sessionsPerSecond = rate) {
  const [gone, well] = ['gone', 'well'].map((serverId) => FarServer.behind(`http://${serverId}.example/dm`, { serverId }));
  if (gone === undefined || well === undefined) throw new Error('there are two');
  const clock = new EventClock();
  const far = new FarAway(clock, [gone, well]);
  far.latency = 300;
  const under = await openGateway({ clock, clients: far, settings: { retry: { ...retry, sessionsPerSecond } } });
  return { gone, well, clock, far, under };
}

const idsOf = (server: string) => Array.from({ length: count }, (_, at) => `urn:imei:${server}-${at}`);

test.each([0, 8_000])(
  'neither while it says nothing (for %d ms each time), nor have those of the other to wait for its',
  async (silence) => {
    const { gone, well, clock, far, under } = await open();
    far.outages.set('gone.example', { silence });
    await declareReporting(under, gone, idsOf('gone'));
    await declareReporting(under, well, idsOf('well'));
    const startedAt = clock.monotonic();
    under.gateway.start();
    await pass(under, far, { until: () => well.alerts.length === count });
    expect(clock.monotonic() - startedAt).toBeLessThan((2 * count * 1_000) / rate);
    expect(gone.alerts).toEqual([]);
  },
);

test('nor when it is back and has much to hear', async () => {
  // Fewer than one server may have at once: without turns it would take them all.
  const { gone, well, clock, far, under } = await open(5);
  far.outages.set('gone.example', { silence: 0 });
  await declareReporting(under, gone, idsOf('gone'));
  await declareReporting(under, well, ['urn:imei:1']);
  under.gateway.start();
  await pass(under, far, { time: 3_600_000 });
  far.outages.clear();
  await pass(under, far, { until: () => gone.alerts.length >= 10 });
  report(under, well, 'urn:imei:1', 'something new');
  await under.store.committed();
  const reportedAt = clock.monotonic();
  await pass(under, far, { until: () => texts(well).includes('something new') });
  expect(clock.monotonic() - reportedAt).toBeLessThanOrEqual(2_000);
  expect(gone.alerts.length).toBeLessThan(count / 2);
});
