import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { get, results } from '../commands.js';
import { accountAt, declareDevice, deviceId, mutual, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

test("north the Source is the DevId, the LocName the name of the account, and the credentials are the account's own", async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  const header = server.messages[0]?.SyncHdr;
  expect(header?.Source).toEqual({ LocURI: deviceId, LocName: `user-of-${deviceId}` });
  expect(header?.Target.LocURI).toBe(server.url);
  expect(Buffer.from(header?.Cred?.Data ?? '', 'base64').toString()).toBe(`user-of-${deviceId}:north-password`);
  expect(server.devInfo.map(({ Source, Data }) => `${Source?.LocURI}=${String(Data)}`)).toContain('./DevInfo/Mod=Lamp');
});

test('MD5 both ways works on both legs, and challenges north are answered from what the device has said', async () => {
  const server = await FarServer.open({ scheme: 'md5', serverPassword: 'proof', batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server], { south: mutual });
  const device = new FarDevice(under.url, { serverPassword: 'gateway-password' });
  await device.session();
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme']);
  server.batches = [[get('g', './DevInfo/Mod')]];
  const messages = server.messages.length;
  await device.session();
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme', './DevInfo/Mod=Lamp']);
  // The nonces of the first session were kept: no challenge in the second.
  expect(server.messages.length - messages).toBeLessThan(4);
});

test('a server that cannot prove who it is gets nothing done on the device', async () => {
  const server = await FarServer.open({ serverPassword: 'wrong', batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, []);
  under.store.accounts.declare(accountAt(server, deviceId, { serverSecret: keptSecret('basic', 'operator', 'right', false) }));
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(device.executed.map((command) => ('Item' in command ? command.Item?.[0]?.Target?.LocURI : ''))).not.toContain('./DevInfo/Man');
});
