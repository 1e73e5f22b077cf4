import { expect, test } from 'vitest';
import { get, results } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, FarServer, packageOne, until } from './peers.js';

const other = 'urn:imei:000000000000002';

test('a message of another device at this RespURI gets 1223, and the session lives on', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  declareDevice(under, [], { id: other });
  const intruder = new FarDevice(under.url, { id: other });
  const device: FarDevice = new FarDevice(under.url, {
    instead: async () => {
      const url = device.received.at(-1)?.SyncHdr.RespURI ?? '';
      const reply = await intruder.post(url, packageOne({ id: other, url, msgId: '9' }));
      expect(decode(reply.body).SyncBody.commands.at(-1)).toMatchObject({ name: 'Alert', Data: '1223' });
      return undefined;
    },
  });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme']);
});

test('an unknown RespURI gets 1223', async () => {
  const under = await openGateway();
  declareDevice(under);
  const url = `${under.url}/s/${'a'.repeat(32)}`;
  const reply = await new FarDevice(under.url).post(url, packageOne({ id: deviceId, url }));
  expect(decode(reply.body).SyncBody.commands.at(-1)).toMatchObject({ name: 'Alert', Data: '1223' });
  expect((await new FarDevice(under.url).post(`${under.url}/s/short`, packageOne({ id: deviceId, url }))).status).toBe(404);
});

test('two devices with the same SessionID have a session each', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')], [get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  declareDevice(under, [server], { id: other });
  const ends = await Promise.all([deviceId, other].map((id) => new FarDevice(under.url, { id, sessionId: '1' }).session()));
  expect(ends.map(({ reason }) => reason)).toEqual(['complete', 'complete']);
  expect(new Set(server.messages.map(({ SyncHdr }) => SyncHdr.Source.LocURI))).toEqual(new Set([deviceId, other]));
});

test('a second session of a device ends the first only once it has proved itself', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')], [get('h', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const first = new FarDevice(under.url, { instead: () => 'vanish', sessionId: '1' });
  await first.session();
  expect(under.gateway.sessions().filter(({ leg }) => leg === 'south')).toHaveLength(1);
  await first.post(under.url, packageOne({ id: deviceId, url: under.url, sessionId: '2' }));
  expect(under.gateway.sessions().filter(({ leg, state }) => leg === 'south' && state === 'open')).toHaveLength(1);
  expect(server.ends).toEqual([]);
  const second = new FarDevice(under.url, { sessionId: '3' });
  expect(await second.session()).toMatchObject({ reason: 'complete' });
  await until(() => server.ends.length === 2);
  expect(server.ends.map(({ reason }) => reason)).toEqual(['aborted-by-peer', 'complete']);
  expect(under.log.some(({ fields }) => fields['detail'] === 'the device has opened another session')).toBe(true);
});

test('a device that is challenged may answer where it began', async () => {
  const under = await openGateway();
  declareDevice(under);
  const device = new FarDevice(under.url);
  const first = decode((await device.post(under.url, packageOne({ id: deviceId, url: under.url }))).body);
  const status = first.SyncBody.commands[0];
  const nonce = status?.name === 'Status' ? (status.Chal?.Meta.NextNonce ?? '') : '';
  const cred = { scheme: 'md5', userName: 'device', password: 'device-password', nonce } as const;
  const reply = await device.post(under.url, packageOne({ id: deviceId, url: under.url, msgId: '2', cred }));
  expect(decode(reply.body).SyncBody.commands[0]).toMatchObject({ Data: '212' });
});

test('open sessions are counted with their messages and bytes', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { instead: () => 'vanish' });
  await device.session();
  const bytes = device.exchanges.reduce((sum, { sent, reply }) => sum + sent.length + reply.body.length, 0);
  expect(under.gateway.sessions()).toMatchObject([
    { leg: 'south', device: deviceId, state: 'open', messages: 4, bytes, sessionId: '1' },
    { leg: 'north', device: deviceId, serverId: 'operator', state: 'open', messages: 2 },
  ]);
});
