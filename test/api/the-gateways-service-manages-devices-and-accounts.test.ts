import { expect, test } from 'vitest';
import { createGatewayService } from '#src/api/index.js';
import { systemEntropy } from '#src/base/index.js';
import { readDmAcc } from '#src/dm/objects/index.js';
import { get, statuses } from '../gateway/commands.js';
import {
  declareDevice,
  declareOwnAccount,
  deviceId,
  type GatewayUnderTest,
  gatewayDevId,
  openGateway,
} from '../gateway/gateway-under-test.js';
import { FarDevice, FarServer, until } from '../gateway/peers.js';
import { quietSources } from './quiet-sources.js';

function serviceOf(under: GatewayUnderTest) {
  const { gateway, store, settings } = under;
  return createGatewayService({
    diagnostics: quietSources,
    gateway,
    store,
    settings,
    entropy: systemEntropy,
    devId: gatewayDevId,
    version: '0.1.0',
    trust: 'PEM',
    proxyUrl: () => 'http://192.0.2.1:3128',
    uptime: () => 1,
    state: () => 'running',
    reasons: () => [],
  });
}

const trigger = { by: 'none' } as const;
const secrets = { scheme: 'md5', withoutPassword: false } as const;
const newDevice = { id: deviceId, mode: 'proxy', ...secrets, allowPlainHttp: true, polling: 'always', trigger, accounts: [] } as const;
const newAccount = {
  serverId: 'operator',
  scheme: 'basic',
  clientPassword: 'north-password',
  encoding: 'xml',
  allowPlainHttp: true,
} as const;

test.each(['md5', 'basic'] as const)('the DMAcc of an added device lets it in, and lets it know the gateway: %s', async (scheme) => {
  const under = await openGateway();
  const service = serviceOf(under);
  const added = await service.addDevice({ ...newDevice, scheme, accounts: [] });
  const account = readDmAcc(added.dmAcc);
  expect(account.addresses[0]?.addr).toBe(added.address);
  expect(added.address).toBe(under.url);
  expect(account.serverId).toBe('postern');
  expect(account.client?.name).toBe(deviceId);
  expect(JSON.stringify(await service.showDevice({ id: deviceId }))).not.toContain(account.client?.secret ?? '?');
  const device = new FarDevice(account.addresses[0]?.addr ?? '', {
    scheme,
    userName: account.client?.name ?? '',
    password: account.client?.secret ?? '',
    serverPassword: account.server?.secret ?? '',
  });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(await service.showDevice({ id: deviceId })).toMatchObject({
    status: 'attached',
    manufacturer: 'Acme',
    association: { epoch: 1, reported: [] },
    pendingAlerts: 0,
  });
});

test('a device that is removed is let in no more, and its session ends', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  const service = serviceOf(under);
  declareDevice(under, [server]);
  await new FarDevice(under.url, { instead: () => 'vanish' }).session();
  expect(await service.listSessions()).toHaveLength(2);
  await service.removeDevice({ id: deviceId });
  await until(() => under.gateway.sessions().length === 0);
  expect(await service.listDevices({ limit: 10 })).toEqual([]);
  expect(await service.listAccounts({})).toEqual([]);
  expect((await new FarDevice(under.url).session()).reason).not.toBe('complete');
  expect(under.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('what the configuration declares is not removed here', async () => {
  const under = await openGateway();
  const service = serviceOf(under);
  const server = await FarServer.open();
  declareDevice(under, [], { origin: 'config' });
  declareOwnAccount(under, server, { origin: 'config' });
  await expect(service.removeDevice({ id: deviceId })).rejects.toMatchObject({ code: 'control.declared' });
  await expect(service.removeAccount({ serverId: 'operator' })).rejects.toMatchObject({ code: 'control.declared' });
});

test('a transparent device gets what it shows to the forward proxy, and no account at us', async () => {
  const under = await openGateway();
  const added = await serviceOf(under).addDevice({ ...newDevice, mode: 'transparent', accounts: [] });
  expect(added).toMatchObject({
    device: { mode: 'transparent', accounts: [] },
    proxy: { userName: deviceId },
    address: 'http://192.0.2.1:3128',
  });
  expect(added.dmAcc).toBe('');
  const shown = Buffer.from(`${added.proxy?.userName}:${added.proxy?.password}`).toString('base64');
  const caller = { address: '192.0.2.9', encrypted: false, authorization: `Basic ${shown}` };
  expect(under.gateway.gatekeeper.identify(caller)).toBe(deviceId);
});

test('a device cannot take the name under which the gateway keeps its own accounts', async () => {
  const service = serviceOf(await openGateway());
  await expect(service.addDevice({ ...newDevice, id: 'gateway', accounts: [] })).rejects.toMatchObject({ code: 'control.exists' });
});

test('an account that is added hears of the devices that are there; no secret is ever shown', async () => {
  const server = await FarServer.open({ serverPassword: 'server-secret' });
  const under = await openGateway();
  const service = serviceOf(under);
  declareDevice(under);
  await new FarDevice(under.url).session();
  const added = await service.addAccount({ ...newAccount, address: server.url, correlation: 'all', serverPassword: 'server-secret' });
  await until(() => server.alerts.length === 1);
  await until(() => under.gateway.sessions().length === 0);
  const shown = JSON.stringify([added, await service.listAccounts({}), await service.listDevices({ limit: 10 }), await service.gateway()]);
  expect(shown).not.toMatch(/north-password|server-secret|Secret/);
  expect((await service.showDevice({ id: deviceId })).association.reported).toEqual([{ serverId: 'operator', state: 'delivered' }]);
  await expect(service.addAccount({ ...newAccount, address: server.url })).rejects.toMatchObject({ code: 'control.exists' });
  await service.removeAccount({ serverId: 'operator' });
  await expect(service.removeAccount({ serverId: 'operator' })).rejects.toMatchObject({ code: 'control.not-found' });
});

test('an account is tried: what works, and where it ends', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  const service = serviceOf(under);
  await service.addAccount({ ...newAccount, address: server.url });
  expect(await service.testAccount({ serverId: 'operator' })).toMatchObject({ ok: true });
  await service.addAccount({ ...newAccount, serverId: 'wrong', clientPassword: 'wrong', address: server.url });
  const refused = await service.testAccount({ serverId: 'wrong' });
  expect(refused.steps.map(({ ok }) => ok)).toEqual([true, false, false, false]);
  await server.close();
  const down = await service.testAccount({ serverId: 'operator' });
  expect(down.steps.map(({ ok }) => ok)).toEqual([false, false, false, false]);
  expect(down.steps[0]?.detail).not.toBe('');
});

test('a server that shows the wrong password is found out, although it asks for nothing', async () => {
  const server = await FarServer.open({ scheme: 'basic', serverPassword: 'not-the-one' });
  const under = await openGateway();
  const service = serviceOf(under);
  await service.addAccount({ ...newAccount, scheme: 'basic', serverPassword: 'the-one', address: server.url });
  const tried = await service.testAccount({ serverId: 'operator' });
  expect(tried.steps.map(({ ok }) => ok)).toEqual([true, true, false, true]);
  expect(tried.ok).toBe(false);
});

test('a server that shows no password although it should is not said to have proved itself', async () => {
  const server = await FarServer.open({ scheme: 'basic' });
  const under = await openGateway();
  const service = serviceOf(under);
  await service.addAccount({ ...newAccount, scheme: 'basic', serverPassword: 'the-one', address: server.url });
  const tried = await service.testAccount({ serverId: 'operator' });
  expect(tried.steps[2]).toMatchObject({ ok: true, detail: expect.stringContaining('not shown') });
});

test('what a server may do, when and before whom, is as it was said, and holds', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man'), get('h', './DevInfo/Mod')]] });
  const under = await openGateway();
  const service = serviceOf(under);
  const turn = { priority: 5, polling: 'always', rights: { './DevInfo/Man': ['Get'] } } satisfies Partial<
    Parameters<typeof service.addAccount>[0]
  >;
  declareDevice(under, [], { polling: 'never' });
  await service.addAccount({ ...newAccount, device: deviceId, address: server.url, ...turn });
  await service.addAccount({ ...newAccount, device: deviceId, serverId: 'other', address: server.url });
  await new FarDevice(under.url).session();
  expect(statuses(server.replies).toSorted()).toEqual(['g=200', 'h=425']);
  const [first, second] = await service.listAccounts({ device: deviceId });
  expect(first).toMatchObject({ serverId: 'operator', ...turn });
  expect(second).toMatchObject({ serverId: 'other', priority: 100 });
  expect(second).not.toHaveProperty('rights');
  expect(second).not.toHaveProperty('polling');
});
