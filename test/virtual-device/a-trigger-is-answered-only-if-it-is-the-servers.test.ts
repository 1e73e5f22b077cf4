import { expect, test } from 'vitest';
import { encodeNotification, wrapPush } from '#src/dm/notification/index.js';
import { deviceFor, eventsOf } from './device.js';
import { ask, DmServer, passwords, serverId } from './dm-server.js';

interface Made {
  readonly sessionId?: string;
  readonly nonce?: string;
  readonly password?: string;
  readonly from?: string;
}

function triggerOf({ sessionId = 'A1B', nonce = '', password = passwords.server, from = serverId }: Made = {}): Uint8Array {
  const about = { uiMode: 'background', initiator: 'server', sessionId, serverId: from } as const;
  return encodeNotification(about, { kind: 'password', value: password }, nonce);
}

/** A device and a server that has proved itself to it, so that it has a nonce for the next time. */
async function openDevice(type: 'DIGEST' | 'BASIC' = 'DIGEST') {
  const server = await DmServer.start({ scheme: type === 'DIGEST' ? 'md5' : 'basic' });
  server.asks.push([ask('Get', './DevInfo/Man')]);
  const { device, events } = deviceFor({ url: server.url, type });
  await device.runSession();
  const nonce = server.nonces.server ?? '';
  return { server, device, events, nonce, trigger: (made: Made = {}) => triggerOf({ nonce, ...made }) };
}

test.each([
  ['bare', (bytes: Uint8Array) => bytes],
  ['framed', (bytes: Uint8Array) => wrapPush(bytes, 3)],
])('%s: its session opens with 1200 and its SessionID', async (_how, carried) => {
  const { server, device, events, trigger } = await openDevice();
  const before = server.messages.length;
  const bytes = carried(trigger());
  expect(device.heeds(bytes, 'poll')).toBe(true);
  expect(await device.answerTrigger(bytes, 'poll')).toMatchObject({ sessionId: 'A1B', result: 'complete' });
  const { SyncHdr, SyncBody } = server.messages[before] ?? expect.fail('it has come');
  expect([SyncHdr.SessionID, SyncHdr.MsgID]).toEqual(['A1B', '1']);
  expect(SyncBody.commands).toContainEqual(expect.objectContaining({ name: 'Alert', Data: '1200' }));
  expect(eventsOf(events, 'trigger')).toEqual([{ event: 'trigger', by: 'poll', ok: true, sessionId: 'A1B' }]);
});

test.each([
  ['without the password', { password: 'guessed' }],
  ['without the nonce', { nonce: 'bm9uY2U=' }],
  ['by another server', { from: 'stranger' }],
])('forged %s: ignored and told', async (_how, made) => {
  const { server, device, events, trigger } = await openDevice();
  const before = server.messages.length;
  expect(device.heeds(trigger(made), 'udp')).toBe(false);
  expect(await device.answerTrigger(trigger(made), 'udp')).toBeUndefined();
  expect(server.messages).toHaveLength(before);
  expect(eventsOf(events, 'trigger')[0]).toEqual({ event: 'trigger', by: 'udp', ok: false, why: expect.stringContaining('forged') });
});

test('what is no Package#0: ignored and told', async () => {
  const { device, events } = await openDevice();
  expect(device.heeds(Buffer.from('hello'), 'mqtt')).toBe(false);
  expect(eventsOf(events, 'trigger')).toEqual([{ event: 'trigger', by: 'mqtt', ok: false, why: 'it is no Package#0' }]);
});

test('a repeat opens nothing: its nonce is replaced', async () => {
  const { server, device, trigger } = await openDevice();
  server.asks.push([ask('Get', './DevInfo/Man')]);
  await device.answerTrigger(trigger(), 'udp');
  expect(device.heeds(trigger(), 'udp')).toBe(false);
});

test('a repeat opens nothing either where nonces stay as they are; another session can be asked for', async () => {
  const { device, events, trigger } = await openDevice('BASIC');
  await device.answerTrigger(trigger(), 'udp');
  expect(await device.answerTrigger(trigger(), 'udp')).toBeUndefined();
  expect(eventsOf(events, 'trigger').at(-1)).toMatchObject({ ok: false, why: 'it has had its session' });
  expect(device.heeds(trigger({ sessionId: 'A1C' }), 'udp')).toBe(true);
});
