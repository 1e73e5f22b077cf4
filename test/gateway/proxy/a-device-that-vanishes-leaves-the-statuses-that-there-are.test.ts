import { expect, test } from 'vitest';
import type { Reply } from '#src/dm/syncml/index.js';
import { provideLeaf } from '#src/dm/tree/index.js';
import { get, statuses } from '../commands.js';
import { declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { elapse, FarDevice, FarServer, until } from '../peers.js';

test('a device that goes silent: the server gets 1223 with Final and no status that nobody gave', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  expect(await new FarDevice(under.url, { instead: () => 'vanish' }).session()).toMatchObject({ reason: 'vanished' });
  await elapse(under.clock, 'session-idle', under.settings.sessionIdle);
  await until(() => server.ends.length > 0);
  expect(server.ends).toEqual([{ reason: 'aborted-by-peer', undelivered: [] }]);
  const last = server.messages.at(-1)?.SyncBody;
  expect(last?.Final).toBe(true);
  expect(last?.commands.filter(({ name }) => name === 'Status')).toHaveLength(1);
  expect(last?.commands.at(-1)).toMatchObject({ name: 'Alert', Data: '1223' });
});

test('what it had answered in part reaches the server, the rest does not', async () => {
  const server = await FarServer.open({ batches: [[get('one', './DevInfo/Man'), get('two', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const inPart = new FarDevice(under.url, {
    instead: (commands) =>
      commands.slice(0, 1).map((command): Reply => ({ name: 'Status', CmdRef: command.CmdID, Cmd: 'Get', Data: '404' })),
  });
  expect(await inPart.session()).toMatchObject({ reason: 'complete' });
  await until(() => server.ends.length > 0);
  expect(server.ends[0]?.reason).toBe('aborted-by-peer');
  expect(statuses(server.ends[0]?.undelivered ?? [])).toEqual(['one=404']);
});

test('what it had said in messages before it fell silent reaches the server too', async () => {
  const server = await FarServer.open({ batches: [[get('one', './DevInfo/Man'), get('big', './Text')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  device.tree.mount('./Text', provideLeaf({ read: () => 'x'.repeat(200_000) }));
  // Its second message of package 3 never arrives.
  const { handler } = under.gateway;
  let seen = 0;
  Object.defineProperty(under.gateway, 'handler', {
    get: () => (request: Parameters<typeof handler>[0]) => (++seen > 3 ? Promise.resolve({ status: 500 }) : handler(request)),
  });
  expect(await device.session()).toMatchObject({ reason: 'silence' });
  await elapse(under.clock, 'session-idle', under.settings.sessionIdle);
  await until(() => server.ends.length > 0);
  expect(statuses(server.ends[0]?.undelivered ?? [])[0]).toBe('one=200');
  expect(statuses(server.ends[0]?.undelivered ?? [])).not.toContain('big=413');
});

test('a device that aborts ends the session of its server with 1223', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  expect(await new FarDevice(under.url, { instead: () => 'abort' }).session()).toMatchObject({ reason: 'aborted' });
  await until(() => server.ends.length > 0);
  expect(server.ends[0]?.reason).toBe('aborted-by-peer');
  expect(under.store.inventory.get(deviceId)?.associationEpoch).toBe(1);
});

test('a command that wants no answer is not missed', async () => {
  const server = await FarServer.open({ batches: [[{ ...get('quiet', './DevInfo/Man'), NoResp: true }, get('g', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, {
    instead: (commands) => commands.slice(1).map((command): Reply => ({ name: 'Status', CmdRef: command.CmdID, Cmd: 'Get', Data: '200' })),
  });
  await device.session();
  expect(server.ends.map(({ reason }) => reason)).toEqual(['complete']);
  expect(statuses(server.replies)).toEqual(['g=200']);
});
