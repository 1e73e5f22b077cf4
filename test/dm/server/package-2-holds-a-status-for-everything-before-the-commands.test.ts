import { expect, test } from 'vitest';
import {
  answer,
  delivery,
  deviceUri,
  dmServer,
  genericAlert,
  get,
  hear,
  outline,
  packageOne,
  sent,
  serverUri,
  sessionId,
} from '../session/messages.js';

test('package 2 holds a Status for everything before the commands', () => {
  const one = dmServer({ respUri: `${serverUri}?s=1` }).say(
    hear(
      packageOne({}, { ...genericAlert('a').alert, name: 'Alert', CmdID: '' }, { ...genericAlert('b').alert, name: 'Alert', CmdID: '' }),
    ),
  );
  expect(delivery(one)).toMatchObject({ opened: '1201', final: true, replies: [] });
  const two = one.say(answer([get('./a', 'mine')], ['200', '500']));
  expect(outline(sent(two))).toEqual([
    'Status 200 1/0',
    'Status 200 1/1',
    'Status 200 1/2',
    'Status 200 1/3',
    'Status 500 1/4',
    'Get ./a',
    'Final',
  ]);
  expect(sent(two).SyncHdr).toMatchObject({
    SessionID: sessionId,
    MsgID: '1',
    RespURI: `${serverUri}?s=1`,
    Target: { LocURI: deviceUri },
    Source: { LocURI: serverUri },
    Meta: { MaxMsgSize: '65536', MaxObjSize: '65536' },
  });
});
