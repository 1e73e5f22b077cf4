import { expect, test } from 'vitest';
import { createGatewayService } from '#src/api/index.js';
import { systemEntropy } from '#src/base/index.js';
import { readDmAcc } from '#src/dm/objects/index.js';
import { declareDevice, declareOwnAccount, deviceId, gatewayDevId, openGateway } from '../gateway/gateway-under-test.js';
import { FarDevice, FarServer, until } from '../gateway/peers.js';
import { quietSources } from './quiet-sources.js';

const plain = { scheme: 'md5', allowPlainHttp: true, polling: 'always', trigger: { by: 'none' } } as const;

async function openService() {
  const under = await openGateway();
  const { gateway, store, settings } = under;
  const service = createGatewayService({
    diagnostics: quietSources,
    gateway,
    store,
    settings,
    entropy: systemEntropy,
    devId: gatewayDevId,
    version: '0.1.0',
    trust: 'PEM',
    uptime: () => 1,
    state: () => 'running',
    reasons: () => [],
  });
  const see = (name = 'Lamp') => gateway.sightings.seen({ id: deviceId, by: 'ssdp', name, model: 'L-1', address: '192.0.2.7' });
  return { under, service, see };
}

test('a discovered device is shown with what was seen, and is admitted, renamed and refused', async () => {
  const { service, see } = await openService();
  see();
  const [found] = await service.listDevices({ limit: 10 });
  expect(found).toMatchObject({ id: deviceId, status: 'quarantined', origin: 'discovered', seenBy: ['ssdp'], name: 'Lamp', model: 'L-1' });
  expect(found).not.toHaveProperty('scheme');
  expect(await service.admitDevice({ id: deviceId })).toMatchObject({ status: 'attached' });
  expect(await service.renameDevice({ id: deviceId, name: 'Hall' })).toMatchObject({ name: 'Hall' });
  see('Another');
  expect(await service.showDevice({ id: deviceId })).toMatchObject({ name: 'Hall' });
  expect(await service.renameDevice({ id: deviceId })).toMatchObject({ name: 'Another' });
  expect(await service.quarantineDevice({ id: deviceId })).toMatchObject({ status: 'quarantined' });
  await service.refuseDevice({ id: deviceId });
  see();
  expect(await service.listDevices({ limit: 10 })).toEqual([]);
  expect(await service.showAdmission()).toMatchObject({ policy: 'ask', refused: [{ device: deviceId }], turnedAway: { refused: 1 } });
});

test('one that is added keeps what was seen, its name and its number, and has credentials from then on', async () => {
  const { under, service, see } = await openService();
  const server = await FarServer.open();
  declareOwnAccount(under, server, { correlation: 'all' });
  see();
  await service.admitDevice({ id: deviceId });
  await service.renameDevice({ id: deviceId, name: 'Hall' });
  const added = await service.addDevice({ ...plain, id: deviceId, mode: 'proxy', withoutPassword: false, accounts: [] });
  expect(added.device).toMatchObject({
    origin: 'added',
    mode: 'proxy',
    name: 'Hall',
    model: 'L-1',
    status: 'attached',
    association: { epoch: 1 },
  });
  const { client, server: gateway } = readDmAcc(added.dmAcc);
  const device = new FarDevice(under.url, { userName: deviceId, password: client?.secret ?? '', serverPassword: gateway?.secret ?? '' });
  expect((await device.session()).reason).toBe('complete');
  await until(() => server.alerts.length === 1);
  expect(under.store.inventory.find(deviceId)?.associationEpoch).toBe(1);
});

test('to add a device that was refused or is in quarantine is to let it in', async () => {
  const { service, see } = await openService();
  await service.refuseDevice({ id: deviceId });
  expect((await service.addDevice({ ...plain, id: deviceId, mode: 'proxy', withoutPassword: false, accounts: [] })).device.status).toBe(
    'known',
  );
  expect((await service.showAdmission()).refused).toEqual([]);
  await service.removeDevice({ id: deviceId });
  see();
  expect((await service.addDevice({ ...plain, id: deviceId, mode: 'proxy', withoutPassword: false, accounts: [] })).device.status).toBe(
    'known',
  );
});

test('a transparent device may be added without a password, one in proxy mode may not', async () => {
  const { service } = await openService();
  const added = await service.addDevice({ ...plain, id: deviceId, mode: 'transparent', withoutPassword: true, accounts: [] });
  expect(added).not.toHaveProperty('proxy');
  expect(added.device).not.toHaveProperty('userName');
  const inProxy = service.addDevice({ ...plain, id: 'urn:x:2', mode: 'proxy', withoutPassword: true, accounts: [] });
  await expect(inProxy).rejects.toMatchObject({ code: 'control.not-possible' });
});

test('what the configuration declares is neither refused nor renamed, but can be put in quarantine', async () => {
  const { under, service } = await openService();
  declareDevice(under, [], { origin: 'config' });
  await expect(service.refuseDevice({ id: deviceId })).rejects.toMatchObject({ code: 'control.declared' });
  await expect(service.renameDevice({ id: deviceId, name: 'x' })).rejects.toMatchObject({ code: 'control.declared' });
  expect(await service.quarantineDevice({ id: deviceId })).toMatchObject({ status: 'quarantined' });
});

test.each(['admitDevice', 'quarantineDevice', 'renameDevice'] as const)('%s of a device that nobody knows says so', async (verb) => {
  const { service } = await openService();
  await expect(service[verb]({ id: deviceId })).rejects.toMatchObject({ code: 'control.not-found' });
});

test('the account of a device in quarantine is not tried: that would tell its server', async () => {
  const { under, service } = await openService();
  const server = await FarServer.open();
  declareDevice(under, [server]);
  await service.quarantineDevice({ id: deviceId });
  await expect(service.testAccount({ serverId: 'operator', device: deviceId })).rejects.toMatchObject({ code: 'control.not-possible' });
  expect(server.requests).toBe(0);
});
