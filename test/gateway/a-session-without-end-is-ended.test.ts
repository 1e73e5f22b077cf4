import { expect, test } from 'vitest';
import { systemEntropy } from '#src/base/index.js';
import { peerAuth } from '#src/dm/session/index.js';
import { type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import { SessionMeter } from '#src/gateway/sessions/session-meter.js';
import { SouthSession } from '#src/gateway/south/south-session.js';
import { get } from './commands.js';
import { EventClock, FarAway } from './far-away.js';
import { declareDevice, declareOwnAccount, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

const uri = 'https://gateway.example/dm';
const rounds = Array.from({ length: 1_100 }, (_, at) => [get(`g${at}`, './DevInfo/Man')]);

test('a device that sends a thousand messages of one package', async () => {
  const { session, meter } = await southSession();
  const statuses = [];
  for (let msgId = 1; msgId <= 1_001; msgId += 1) statuses.push((await session.receive(message(msgId), 100)).status);
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1), session.ended]).toEqual([1_000, 503, true]);
  expect(meter.messages).toBe(2_001);
});

test('a device whose session has had a hundred thousand messages', async () => {
  const { session, meter } = await southSession();
  expect((await session.receive(message(1), 100)).status).toBe(200);
  meter.count(...Array.from({ length: 99_998 }, () => 100));
  expect((await session.receive(message(2), 100)).status).toBe(503);
  expect(session.ended).toBe(true);
});

test('a server that asks the gateway itself a thousand times', async () => {
  const clock = new EventClock();
  const server = FarServer.behind('https://operator.example/dm', { batches: rounds });
  const under = await openGateway({ clock, clients: new FarAway(clock, [server]) });
  declareOwnAccount(under, server);
  const account = under.store.accounts.get('gateway', server.serverId) ?? expect.fail('it is declared');
  expect((await under.gateway.tryAccount(account)).reason).not.toBe('complete');
  expect(asked(server)).toBe(1_000);
});

test('and one that asks a device so often', async () => {
  const clock = new EventClock();
  const server = FarServer.behind('https://operator.example/dm', { batches: rounds.map(() => [get('g', './DMAcc')]) });
  const under = await openGateway({ clock, clients: new FarAway(clock, [server]) });
  declareDevice(under, [server]);
  expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  expect(asked(server)).toBe(1_000);
});

function asked({ replies }: FarServer): number {
  return replies.filter(({ name }) => name === 'Status').length;
}

async function southSession() {
  const { settings, store, clock } = await openGateway();
  const meter = new SessionMeter({ id: 's', leg: 'south', device: 'd', serverId: 'postern', startedAt: 0 });
  const env = { settings, store, clock, entropy: systemEntropy } as unknown as ConstructorParameters<typeof SouthSession>[0];
  const session = new SouthSession(env, {
    leg: 'd',
    codec: xmlCodec,
    server: { own: { uri }, offer: settings.offer, clientAuth: peerAuth(undefined, undefined) },
    meter,
    judge: () => [],
    putOff: () => 0,
    onAuthenticated: () => {},
    onAnswer: () => {},
    onEnd: () => {},
  });
  return { session, meter };
}

/** One that does not close its package: it brings a result that nobody asked for, and more is to come. */
function message(msgId: number): SyncMLMessage {
  const about = { VerDTD: '1.2', VerProto: 'DM/1.2', SessionID: '1', MsgID: String(msgId) } as const;
  const SyncHdr = { ...about, Target: { LocURI: uri }, Source: { LocURI: 'd' } };
  if (msgId === 1) return { SyncHdr, SyncBody: { commands: [{ name: 'Alert', CmdID: '1', Data: '1201' }] } };
  const Item = [{ Source: { LocURI: './A' }, Data: 'x' }];
  const MsgRef = String(msgId - 1);
  const said = { name: 'Status', CmdID: '1', MsgRef, CmdRef: '0', Cmd: 'SyncHdr', Data: '200' } as const;
  return { SyncHdr, SyncBody: { commands: [said, { name: 'Results', CmdID: '2', MsgRef, CmdRef: '99', Item }] } };
}
