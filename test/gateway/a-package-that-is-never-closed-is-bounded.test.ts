import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { xmlCodec } from '#src/dm/syncml/index.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { FarDevice, packageOne } from './peers.js';

const small = { maxMsgSize: 1_000, maxObjSize: 1_000 };

test('a device that goes on and on without Final loses its session', async () => {
  const under = await openGateway({ settings: { offer: small } });
  const basic = { scheme: 'basic', userName: 'device', clientSecret: keptSecret('basic', 'device', 'device-password', false) } as const;
  declareDevice(under, [], { south: basic });
  const device = new FarDevice(under.url);
  const cred = { scheme: 'basic', userName: 'device', password: 'device-password' } as const;
  const opened = await device.post(under.url, packageOne({ id: deviceId, url: under.url, cred }));
  const to = xmlCodec.decode(opened.body, under.settings.decode).SyncHdr.RespURI ?? '';
  const answers: number[] = [];
  for (let msgId = 2; msgId < 12 && answers.at(-1) !== 503; msgId++) answers.push((await device.post(to, withoutFinal(msgId, to))).status);
  expect(answers.at(-1)).toBe(503);
  expect(answers.slice(0, -1)).toEqual(answers.slice(0, -1).fill(200));
  expect(under.gateway.sessions()).toEqual([]);
});

/** 3 000 bytes of results that nobody asked for. */
function withoutFinal(msgId: number, to: string): Uint8Array {
  const results = {
    name: 'Results',
    CmdID: '2',
    MsgRef: '1',
    CmdRef: '99',
    Item: [{ Source: { LocURI: './A' }, Data: 'x'.repeat(3_000) }],
  } as const;
  return xmlCodec.encode({
    SyncHdr: {
      VerDTD: '1.2',
      VerProto: 'DM/1.2',
      SessionID: '1',
      MsgID: String(msgId),
      Target: { LocURI: to },
      Source: { LocURI: deviceId },
    },
    SyncBody: { commands: [{ name: 'Status', CmdID: '1', MsgRef: String(msgId - 1), CmdRef: '0', Cmd: 'SyncHdr', Data: '212' }, results] },
  });
}
