import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { FarServer, until } from './peers.js';

async function withReports(...reports: readonly string[]) {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const now = under.clock.now();
  for (const [at, alert] of reports.entries()) {
    under.store.outbox.enqueue({ owner: deviceId, serverId: 'operator', origin: `report-${at}`, alert, createdAt: now, nextAt: now });
  }
  await under.store.committed();
  under.gateway.start();
  return { server, under };
}

test('it is given up, and those before and after it arrive', async () => {
  const { server, under } = await withReports(JSON.stringify(genericAlert('before')), '{', JSON.stringify(genericAlert('after')));
  await until(() => server.alerts.length === 2 && under.gateway.sessions().length === 0);
  expect(server.alerts.map(({ Item }) => Item?.[0]?.Data)).toEqual(['before', 'after']);
  expect(under.store.outbox.pending(deviceId, 'operator')).toEqual([]);
  expect(under.store.outbox.outcome(deviceId, 'operator', 'report-1')).toBe('refused');
});

test('one that is alone is given up too, and its server is not asked again and again', async () => {
  const { server, under } = await withReports('{');
  await until(() => under.store.outbox.pending(deviceId, 'operator').length === 0 && under.gateway.sessions().length === 0);
  const { requests } = server;
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toBe(requests);
});
