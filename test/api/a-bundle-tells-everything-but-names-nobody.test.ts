import { expect, test } from 'vitest';
import { createGatewayService, type RunningSources } from '#src/api/index.js';
import { systemEntropy } from '#src/base/index.js';
import { createControlClient } from '#src/control/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { declareDevice, declareOwnAccount, deviceId, gatewayDevId, openGateway } from '../gateway/gateway-under-test.js';
import { FarDevice, FarServer, until } from '../gateway/peers.js';
import { quietSources } from './quiet-sources.js';
import { serveGateway } from './served.js';

const stranger = 'urn:imei:999999999999994';
const line = (fields: object) => JSON.stringify({ level: 30, time: 1, ...fields });

async function ask(more: Partial<RunningSources> = {}) {
  const under = await openGateway();
  const server = await FarServer.open();
  declareOwnAccount(under, server);
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  const { gateway, store, settings } = under;
  await gateway.tryAccount(store.accounts.get(gatewayOwner, server.serverId) ?? expect.fail('it was declared'));
  const ended = (leg: string, device: string) => gateway.endings().some((ending) => ending.leg === leg && ending.device === device);
  await until(() => ended('south', deviceId) && ended('north', deviceId) && ended('north', gatewayOwner));
  const about = {
    devId: gatewayDevId,
    version: '0.1.0',
    trust: 'PEM',
    uptime: () => 5,
    state: () => 'running' as const,
    reasons: () => [],
  };
  const diagnostics = { ...quietSources, database: () => store.look(), connections: () => ({ south: 2 }), ...more };
  const service = createGatewayService({ gateway, store, settings, entropy: systemEntropy, ...about, diagnostics });
  return { server, store, client: createControlClient({ socket: await serveGateway(service) }) };
}

test('what is there, in numbers, and how sessions ended', async () => {
  const { client, server } = await ask();
  const bundle = await client.diagnostics({});
  expect(bundle).toMatchObject({
    devicesAre: 'masked',
    status: { state: 'running', version: '0.1.0', reasons: [] },
    health: { status: 'ok' },
    readiness: { ready: true },
    machine: { node: process.version },
    connections: { south: 2 },
    accounts: { own: [{ serverId: server.serverId }], ofDevices: { [server.serverId]: 1 } },
    devices: { byStatus: { attached: 1 }, byScheme: { md5: 1 } },
    queues: { triggers: 0, messages: { rows: 0, bytes: 0 } },
    database: { check: 'ok', unreadableRows: 0 },
  });
  expect(bundle.database?.pages).toBeGreaterThan(10);
  expect(bundle.sessions?.ended.map(({ leg, reason }) => `${leg} ${reason}`).sort()).toEqual(
    expect.arrayContaining(['north complete', 'south complete']),
  );
  expect(bundle.devices?.first).toBeUndefined();
});

test('no device is named, neither by the log nor the configuration, and one is called the same throughout', async () => {
  const recentLog = () => [
    line({ msg: 'the session of a device has ended', device: deviceId, address: '192.168.1.20' }),
    line({ msg: `a stranger ${stranger} came; the row "device ${deviceId}".`, err: { message: `at 192.168.1.20: ${stranger}` } }),
    line({ msg: 'one line for each', reason: 'plain-http', source: '192.168.1.20', suppressed: 3 }),
    line({ msg: 'not taken', details: { device: 'no id of any form 1' }, topic: `devices/${deviceId}/x`, url: 'https://127.0.0.1:1' }),
  ];
  const configuration = () => ({
    gateway: { name: 'home' },
    devices: [{ id: 'lamp-1', name: 'Bedroom', userName: 'anna', fromAddress: '192.168.1.21', accounts: [{ userName: 'customer 7' }] }],
    accounts: [{ serverId: 'operator', userName: gatewayDevId }],
  });
  const { client } = await ask({ recentLog, configuration });
  const bundle = await client.diagnostics({});
  const text = JSON.stringify(bundle);
  for (const name of [deviceId, stranger, '192.168.1.20', '192.168.1.21', 'lamp-1', 'Bedroom', 'anna', 'customer 7', 'no id of'])
    expect(text).not.toContain(name);
  expect(text).toContain('https://127.0.0.1:1');
  const [first, second, third] = bundle.log as [Record<string, string>, Record<string, string>, Record<string, string>];
  const [device, address] = [first['device'] ?? '', first['address'] ?? ''];
  expect(device).toMatch(/^masked-[0-9a-f]{8}$/);
  expect(second['msg']).toMatch(new RegExp(`^a stranger masked-.* came; the row "device ${device}"\\.$`));
  expect(third['source']).toBe(address);
  expect(bundle.sessions?.ended.map((ending) => ending.device)).toEqual(expect.arrayContaining([device, gatewayOwner]));
  expect((await client.diagnostics({})).log[0]?.['device']).not.toBe(device);
});

test('whoever asks for it gets the devices as they are', async () => {
  const recentLog = () => [line({ msg: 'a device is attached', device: deviceId })];
  const { client } = await ask({ recentLog });
  const bundle = await client.diagnostics({ devices: 'shown' });
  expect(bundle.devices?.first?.map(({ id }) => id)).toEqual([deviceId]);
  expect(bundle.log).toEqual([{ level: 30, time: 1, msg: 'a device is attached', device: deviceId }]);
});

test('it is bounded however much there is', async () => {
  const { client, store } = await ask();
  const report = { owner: gatewayOwner, alert: '{}', createdAt: 0, nextAt: 0 };
  for (let at = 0; at < 300; at += 1) store.outbox.enqueue({ ...report, serverId: `server-${at}`, origin: `${at}` });
  const bundle = await client.diagnostics({});
  expect(bundle.queues?.due).toHaveLength(200);
  expect(bundle.queues?.reports).toBeGreaterThanOrEqual(300);
});
