import { expect, test } from 'vitest';
import { deviceFor, deviceId } from './device.js';
import { DmServer, serverId } from './dm-server.js';

test('package 1 holds alert 1201 and every leaf of DevInfo', async () => {
  const server = await DmServer.start();
  const { device } = deviceFor({ url: server.url });
  await device.runSession();
  const [first] = server.messages;
  expect(first?.SyncHdr).toMatchObject({ SessionID: '1', MsgID: '1', Source: { LocURI: deviceId }, Target: { LocURI: server.url } });
  expect(first?.SyncBody.commands[0]).toMatchObject({ name: 'Alert', Data: '1201' });
  expect(first?.SyncBody.Final).toBe(true);
  const sent = server.devInfo.map((item) => [item.Source?.LocURI, item.Data]);
  expect(sent).toEqual([
    ['./DevInfo/DevId', deviceId],
    ['./DevInfo/Man', 'Postern'],
    ['./DevInfo/Mod', 'Virtual lamp'],
    ['./DevInfo/DmV', '1.2'],
    ['./DevInfo/Lang', 'en'],
  ]);
});

test('the SessionID rises from session to session', async () => {
  const server = await DmServer.start();
  const { device } = deviceFor({ url: server.url });
  expect((await device.runSession()).sessionId).toBe('1');
  expect((await device.runSession()).sessionId).toBe('2');
});

test('plain http is warned about', async () => {
  const server = await DmServer.start();
  const { events } = deviceFor({ url: server.url });
  expect(events.map(({ event }) => event)).toEqual(['warning', 'ready']);
  expect(events[1]).toEqual({ event: 'ready', id: deviceId, serverId, address: server.url });
});
