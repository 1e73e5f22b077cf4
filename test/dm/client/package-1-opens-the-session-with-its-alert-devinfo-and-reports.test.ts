import { expect, test } from 'vitest';
import {
  base64,
  client,
  devInfo,
  device,
  deviceUri,
  genericAlert,
  outline,
  proves,
  sent,
  serverUri,
  sessionId,
} from '../session/messages.js';

test.each(['1200', '1201'] as const)('package 1 says %s, DevInfo and the reports, closed by Final', (code) => {
  const one = client({ ownAuth: proves('md5', device, base64('Nonce')) }).say({ kind: 'open', code, devInfo, alerts: [genericAlert('a')] });
  const { SyncHdr, SyncBody } = sent(one);
  expect(outline(sent(one))).toEqual([`Alert ${code}`, 'Replace ./DevInfo/DevId', 'Alert 1226', 'Final']);
  expect(SyncBody.commands.map(({ CmdID }) => CmdID)).toEqual(['1', '2', '3']);
  expect(SyncHdr).toMatchObject({
    SessionID: sessionId,
    MsgID: '1',
    Target: { LocURI: serverUri },
    Source: { LocURI: deviceUri },
    Cred: { Data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
    Meta: { MaxMsgSize: '65536', MaxObjSize: '65536' },
  });
  expect(one.effects).toMatchObject([{ kind: 'send', to: serverUri }]);
});
