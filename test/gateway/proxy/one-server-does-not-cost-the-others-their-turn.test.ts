import { expect, test } from 'vitest';
import { type BodyCommand, type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import type { DmRequest, DmResponse } from '#src/gateway/index.js';
import { add, exec, genericAlert, get, results, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { contentType, decode, elapse, FarDevice, FarServer, until } from '../peers.js';

/** An answer made by hand: a Status for the header, and one more command. */
function answerWith({ SyncHdr }: SyncMLMessage, status: string, more: Partial<BodyCommand> | undefined): DmResponse {
  const header = { name: 'Status', CmdID: '1', MsgRef: SyncHdr.MsgID, CmdRef: '0', Cmd: 'SyncHdr', Data: status } as const;
  const chal = { Meta: { Format: 'b64', Type: 'syncml:auth-md5', NextNonce: 'bmV3LW5vbmNl' } } as const;
  const body = xmlCodec.encode({
    SyncHdr: {
      VerDTD: '1.2',
      VerProto: 'DM/1.2',
      SessionID: SyncHdr.SessionID,
      MsgID: SyncHdr.MsgID,
      Target: SyncHdr.Source,
      Source: SyncHdr.Target,
    },
    SyncBody: {
      commands: [
        status === '401' ? { ...header, Chal: chal } : header,
        ...(more ? [{ name: 'Alert', CmdID: '2', ...more } as BodyCommand] : []),
      ],
      Final: true,
    },
  });
  return { status: 200, contentType, body };
}

test('a server that aborts while another has commands waiting', async () => {
  let asked = 0;
  const aborts = (request: DmRequest) => {
    asked += 1;
    return asked === 2 ? answerWith(decode(request.body), '200', { Data: '1223' }) : undefined;
  };
  const first = await FarServer.open({ serverId: 'a', batches: [[add('x', './X', '1')], [add('never', './Never', '1')]], instead: aborts });
  const second = await FarServer.open({ serverId: 'b', batches: [[get('g', './X')]] });
  const under = await openGateway();
  declareDevice(under, [first, second]);
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(results(second.replies)).toEqual(['./X=1']);
  expect(second.ends).toMatchObject([{ reason: 'complete' }]);
  expect(under.log.filter(({ fields }) => fields['reason'] === 'aborted-by-peer')).toMatchObject([{ fields: { serverId: 'a' } }]);
  // The device never hears of the abort: its session is with us, and another server has work for it.
  expect(JSON.stringify(device.received)).not.toContain('1223');
});

test('a server that challenges the first message while the device is already at work', async () => {
  const first = await FarServer.open({ serverId: 'a', batches: [[add('x', './X', '1')]] });
  const second = await FarServer.open({ serverId: 'b', scheme: 'md5', batches: [[get('g', './X')]] });
  const under = await openGateway();
  declareDevice(under, [first, second]);
  const device = new FarDevice(under.url);
  expect(await device.session([genericAlert()])).toMatchObject({ reason: 'complete' });
  expect(second.requests).toBeGreaterThan(second.ends.length + 1);
  expect(results(second.replies)).toEqual(['./X=1']);
  // The alert goes again with the repeated package 1 and is taken once.
  expect(second.alerts).toHaveLength(1);
});

test('a server that challenges in the middle of its commands: the same message goes again, the device is not asked twice', async () => {
  const challenged: SyncMLMessage[] = [];
  const challenges = (request: DmRequest) => {
    const message = decode(request.body);
    if (challenged.length > 0 || message.SyncHdr.MsgID === '1' || message.SyncHdr.Cred !== undefined) return undefined;
    challenged.push(message);
    return answerWith(message, '401', undefined);
  };
  const first = await FarServer.open({ serverId: 'a', batches: [[add('x', './X', '1')]] });
  const second = await FarServer.open({ serverId: 'b', scheme: 'md5', batches: [[exec('e', './Run')]], instead: challenges });
  const third = await FarServer.open({ serverId: 'c', batches: [[get('g', './X')]] });
  second.nonces.set(`${deviceId} client`, 'Zmlyc3Q=');
  const under = await openGateway();
  declareDevice(under, [first, second, third]);
  under.store.nonces.put(`north/${deviceId}/b`, 'client', 'Zmlyc3Q=');
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(challenged).toHaveLength(1);
  expect(device.executed.filter(({ name }) => name === 'Exec')).toHaveLength(1);
  expect(results(third.replies)).toEqual(['./X=1']);
});

test('dead ones and a slow one: the good one gets its work done, and the device is held meanwhile', async () => {
  const dead = (serverId: string) =>
    FarServer.open({
      serverId,
      instead: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 500 }))),
    });
  const gate: { open: () => void } = { open: () => {} };
  const opened = new Promise<undefined>((resolve) => {
    gate.open = () => resolve(undefined);
  });
  const slow = await FarServer.open({ serverId: 'd-slow', batches: [[get('g', './DevInfo/Man')]], instead: () => opened });
  const good = await FarServer.open({ serverId: 'e-good', batches: [[get('g', './DevInfo/Mod')]] });
  const down = await FarServer.open({ serverId: 'c-down' });
  await down.close();
  const silent = await Promise.all(['a-dead', 'a-dead-2', 'b-dead'].map(dead));
  const under = await openGateway();
  declareDevice(under, [...silent, down, slow, good]);
  const { answerTimeout } = under.settings;
  const device = new FarDevice(under.url);
  const session = device.session();
  for (const server of silent) {
    await until(() => server.requests === 1);
    await elapse(under.clock, 'http exchange', answerTimeout);
  }
  await until(() => slow.requests === 1);
  // 24 s have passed, and the slow one takes almost all that it may.
  under.clock.advance(answerTimeout - 1);
  gate.open();
  expect(await session).toMatchObject({ reason: 'complete' });
  expect(results(slow.replies)).toEqual(['./DevInfo/Man=Acme']);
  expect(results(good.replies)).toEqual(['./DevInfo/Mod=Lamp']);
  expect(silent.map(({ requests }) => requests)).toEqual([1, 1, 1]);
  const held = device.executed.filter((command) => JSON.stringify(command).includes('./DevInfo/DmV'));
  expect(held).toHaveLength(1);
  expect(statuses(good.replies)).toEqual(['g=200']);
});

test('a device that vanishes while one server works costs the others nothing but this session', async () => {
  const first = await FarServer.open({ serverId: 'a', batches: [[exec('e', './Run')]] });
  const second = await FarServer.open({ serverId: 'b', batches: [[get('g', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under);
  for (const server of [first, second]) under.store.accounts.declare(accountAt(server, deviceId, { polling: 3_600_000 }));
  await new FarDevice(under.url, { instead: () => 'vanish' }).session();
  await elapse(under.clock, 'session-idle', under.settings.sessionIdle);
  await until(() => under.gateway.sessions().length === 0);
  expect(second.requests).toBe(0);
  await new FarDevice(under.url, { sessionId: '9' }).session();
  // The first has had its turn within the hour; the second has not.
  expect(first.messages.filter(({ SyncHdr }) => SyncHdr.MsgID === '1')).toHaveLength(1);
  expect(results(second.replies)).toEqual(['./DevInfo/Mod=Lamp']);
});

test.each<[string, Partial<BodyCommand>]>([
  ['only ever asks for the next message', { Data: '1222' }],
  ['never ends an object', { name: 'Add', Item: [{ Target: { LocURI: './Room/Big' }, Data: '', MoreData: true }] }],
])('a server that %s', async (_, command) => {
  const chatty = await FarServer.open({
    serverId: 'a-chatty',
    instead: ({ body }) => answerWith(decode(body), '212', command),
  });
  const good = await FarServer.open({ serverId: 'b-good', batches: [[get('g', './DevInfo/Mod')]] });
  const under = await openGateway({ settings: { offer: { maxMsgSize: 65_536, maxObjSize: 4_096 } } });
  declareDevice(under, [chatty, good]);
  expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  expect(results(good.replies)).toEqual(['./DevInfo/Mod=Lamp']);
});
