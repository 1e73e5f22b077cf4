import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarServer, until } from './peers.js';

test('a hundred devices whose alerts are all due: twenty in each second, and each alert once', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  const ids = Array.from({ length: 100 }, (_, at) => `urn:imei:${at}`);
  const now = under.clock.now();
  for (const id of ids) {
    declareDevice(under, [server], { id });
    const alert = JSON.stringify(genericAlert(id));
    under.store.outbox.enqueue({ owner: id, serverId: 'operator', origin: id, alert, createdAt: now, nextAt: now });
  }
  await under.store.committed();
  under.gateway.start();
  for (let second = 1; second <= 5; second += 1) {
    await until(() => server.alerts.length >= 20 * second && under.gateway.sessions().length === 0);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    under.clock.advance(999);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(server.alerts).toHaveLength(20 * second);
    under.clock.advance(1);
  }
  expect(new Set(server.alerts.map(({ Item }) => Item?.[0]?.Data))).toEqual(new Set(ids));
});
