import { expect, test } from 'vitest';
import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import { accountAt, declareDevice, declareOwnAccount, deviceId, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { elapse, FarDevice, FarServer, until } from './peers.js';

/** A server that manages the device, without being asked for work, and hears from the gateway. */
async function attach(judge?: () => string) {
  const server = await FarServer.open(judge === undefined ? {} : { judge });
  const under = await openGateway();
  declareDevice(under, [server], { polling: 'never' });
  declareOwnAccount(under, server);
  under.gateway.start();
  return { server, under };
}

function told({ alerts }: FarServer): string[] {
  return alerts.map(({ Item }) => String(Item?.[0]?.Data));
}

function state(under: GatewayUnderTest): unknown {
  const device = under.store.inventory.get(deviceId);
  return device && under.gateway.correlation.reported(device)[0]?.state;
}

test('the inventory has who, since when, address, manufacturer, model and last contact; it survives a restart', async () => {
  const { under } = await attach();
  const before = under.clock.now();
  await new FarDevice(under.url).session();
  await under.stop();
  const again = await openGateway({ directory: under.directory });
  expect(again.store.inventory.get(deviceId)).toMatchObject({
    facts: { address: '127.0.0.1', manufacturer: 'Acme', model: 'Lamp', dmVersion: '1.2', language: 'en', firmware: '1.0.3' },
    firstSeen: before,
    lastContact: before,
    associationEpoch: 1,
    mode: 'proxy',
  });
});

test('its first contact becomes a deviceattached alert with the number of its association', async () => {
  const { server, under } = await attach();
  const device = new FarDevice(under.url);
  await device.session();
  await until(() => state(under) === 'delivered');
  expect(server.alerts).toMatchObject([
    {
      Data: '1226',
      Item: [
        { Source: { LocURI: `./GwInventory/Records/${deviceId}` }, Meta: { Type: gwmoAlertTypes.deviceAttached }, Data: `${deviceId}/1` },
      ],
    },
  ]);
  expect(server.messages[0]?.SyncHdr.Source.LocName).toBe('the-gateway');
  await device.session();
  expect(under.store.inventory.get(deviceId)?.associationEpoch).toBe(1);
  await under.stop();
  const again = await openGateway({ directory: under.directory });
  again.gateway.start();
  await new FarDevice(again.url).session();
  await again.stop();
  expect(told(server)).toEqual([`${deviceId}/1`]);
});

test('a stranger and a device with a wrong password attach nothing', async () => {
  const { server, under } = await attach();
  await new FarDevice(under.url, { password: 'wrong' }).session();
  await new FarDevice(under.url, { id: 'urn:imei:1' }).session();
  expect(under.store.inventory.get(deviceId)).toMatchObject({ associationEpoch: 0, facts: {} });
  expect(server.requests).toBe(0);
});

test('who is to know follows the policy of the account', async () => {
  const own = await FarServer.open({ serverId: 'own' });
  const manages = await FarServer.open({ serverId: 'manages' });
  const all = await FarServer.open({ serverId: 'all' });
  const none = await FarServer.open({ serverId: 'none' });
  const under = await openGateway();
  declareDevice(under, [manages], { polling: 'never' });
  declareOwnAccount(under, own, { correlation: 'own-devices' });
  declareOwnAccount(under, manages, { correlation: 'own-devices' });
  declareOwnAccount(under, all, { correlation: 'all' });
  declareOwnAccount(under, none, { correlation: 'none' });
  await new FarDevice(under.url).session();
  await until(() => all.alerts.length + manages.alerts.length === 2);
  expect([own, none].flatMap(told)).toEqual([]);
});

test('an account that is added later hears of the devices that are there', async () => {
  const under = await openGateway();
  declareDevice(under);
  declareDevice(under, [], { id: 'urn:imei:never-seen' });
  await new FarDevice(under.url).session();
  const late = await FarServer.open();
  declareOwnAccount(under, late, { correlation: 'all' });
  under.gateway.correlation.reconcile();
  under.gateway.correlation.reconcile();
  await until(() => state(under) === 'delivered');
  expect(told(late)).toEqual([`${deviceId}/1`]);
});

test('so does the server of an account that the device gets later', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [], { polling: 'never' });
  declareOwnAccount(under, server);
  await new FarDevice(under.url).session();
  expect(told(server)).toEqual([]);
  under.store.accounts.declare(accountAt(server, deviceId));
  under.gateway.correlation.reconcile();
  await until(() => told(server).length === 1);
});

test.each(['200', '202'])('%s settles it', async (code) => {
  const { server, under } = await attach(() => code);
  await new FarDevice(under.url).session();
  await until(() => state(under) === 'delivered');
  await until(() => under.gateway.sessions().length === 0);
  under.clock.advance(3_600_000);
  expect(server.alerts).toHaveLength(1);
});

test.each(['401', '407', '408', '417', '500', '503', '511'])('%s sends it again, later and the same', async (code) => {
  let asked = 0;
  const { server, under } = await attach(() => (asked++ < 2 ? code : '200'));
  await new FarDevice(under.url).session();
  for (let round = 1; round <= 2; round += 1) {
    await until(() => server.alerts.length === round);
    await elapse(under.clock, 'departures', under.settings.retry.cap);
  }
  await until(() => state(under) === 'delivered');
  expect(told(server)).toEqual(Array(3).fill(`${deviceId}/1`));
});

test.each(['400', '404', '405', '406', '412', '425'])('%s is final, and logged', async (code) => {
  const { server, under } = await attach(() => code);
  await new FarDevice(under.url).session();
  await until(() => state(under) === 'refused');
  await until(() => under.gateway.sessions().length === 0);
  under.clock.advance(3_600_000);
  expect(server.alerts).toHaveLength(1);
  expect(under.log.filter(({ level, fields }) => level === 'warn' && fields['status'] === code)).toHaveLength(1);
});
