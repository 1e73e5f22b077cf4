import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog, systemClock } from '#src/base/index.js';
import { clientTlsOptions, openLocalCa, serverTlsOptions } from '#src/security/index.js';
import { createDmClient, serveForwardProxy } from '#src/transport/index.js';
import { temporaryDirectory } from '../../security/temporary-directory.js';
import { deviceFor, deviceId } from '../../virtual-device/device.js';
import { ask, DmServer } from '../../virtual-device/dm-server.js';
import { accountAt, declareDevice, declareOwnAccount, type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { FarServer } from '../peers.js';

const limits = { maxConnections: 50, perDevice: 8, headerTimeout: 10_000, connectTimeout: 10_000, idleTimeout: 60_000 };
const credentials = 'device:device-password';

async function proxyOf(under: GatewayUnderTest) {
  const proxy = await serveForwardProxy({ listen: '127.0.0.1', port: 0, gatekeeper: under.gateway.gatekeeper, limits, log: silentLog });
  onTestFinished(() => proxy.close(0));
  return proxy;
}

/** Stands between the device and the proxy, and keeps what goes either way. */
async function tap(port: number) {
  const up: Buffer[] = [];
  const down: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const end of [near, far]) end.on('error', () => undefined);
    near.on('data', (chunk) => up.push(chunk));
    far.on('data', (chunk) => down.push(chunk));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, up, down };
}

/** What follows the head, cut into TLS records; undefined where it is none. */
function recordTypes(chunks: readonly Buffer[]): (number | undefined)[] {
  const all = Buffer.concat(chunks);
  const types: (number | undefined)[] = [];
  for (let at = all.indexOf('\r\n\r\n') + 4; at < all.length; ) {
    const type = all[at];
    types.push(all[at + 1] === 3 ? type : undefined);
    at += 5 + all.readUInt16BE(at + 3);
  }
  return types;
}

function clientsThrough(port: number, trust: readonly string[] = []) {
  const tls = clientTlsOptions({ trust, systemRoots: false });
  const clients = createDmClient({ tls, log: silentLog, maxResponseBytes: 1_000_000, proxy: `http://${credentials}@127.0.0.1:${port}` });
  onTestFinished(() => clients.close());
  return clients;
}

test('with TLS end to end: the proxy carries records and opens none', async () => {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: systemClock });
  const issued = await ca.issue({ names: [], addresses: ['127.0.0.1'], usage: 'server', days: 10 });
  const server = await DmServer.start({ tls: serverTlsOptions({ credentials: issued }) });
  server.asks.push([ask('Get', './DevInfo/Mod')], [ask('Get', './DevDetail/SwV')]);
  const far = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [], { id: deviceId, mode: 'transparent' });
  under.store.accounts.declare({ ...accountAt(far, deviceId), address: server.url });
  declareOwnAccount(under, far);
  const wire = await tap((await proxyOf(under)).port);
  const clients = clientsThrough(wire.port, [ca.certificate]);
  const { device } = deviceFor({ url: server.url, through: () => clients });
  expect(await device.runSession()).toMatchObject({ result: 'complete', authenticated: true });
  expect(server.results()).toHaveLength(2);
  const types = new Set([...recordTypes(wire.up), ...recordTypes(wire.down)]);
  expect([...types].every((type) => type !== undefined && type >= 20 && type <= 23)).toBe(true);
  expect(Buffer.concat([...wire.up, ...wire.down]).toString('latin1')).not.toMatch(/SyncML|DevInfo/);
  expect(
    Buffer.concat(wire.up)
      .toString('latin1')
      .match(/CONNECT /g),
  ).toHaveLength(1);
  // It was here: attached, with the address it came from, and whoever is to hear of it hears of it.
  const record = under.store.inventory.get(deviceId);
  expect(record).toMatchObject({ associationEpoch: 1, facts: { address: '127.0.0.1' }, lastContact: under.clock.now() });
  expect(under.gateway.correlation.reported(record ?? never())).toMatchObject([{ serverId: far.serverId }]);
  await device.runSession();
  expect(under.store.inventory.get(deviceId)?.associationEpoch).toBe(1);
});

test('over plain http in absolute form', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  const far = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [], { id: deviceId, mode: 'transparent' });
  under.store.accounts.declare({ ...accountAt(far, deviceId), address: server.url });
  const clients = clientsThrough((await proxyOf(under)).port);
  const { device } = deviceFor({ url: server.url, through: () => clients });
  expect(await device.runSession()).toMatchObject({ result: 'complete', authenticated: true });
  expect(server.results()).toHaveLength(1);
});

function never(): never {
  throw new Error('the device is not in the inventory');
}
