import { expect, test } from 'vitest';
import {
  base64,
  chal,
  device,
  fromServer,
  genericAlert,
  header,
  hear,
  opened,
  outline,
  proves,
  sent,
  serverUri,
  sessionId,
  status,
} from '../session/messages.js';

const nonce = base64('Nonce');

test.each(['401', '407'])('a challenge by %s in package 2 is answered by package 1 with credentials', (code) => {
  const respUri = `${serverUri}?s=1`;
  const challenge = fromServer({ respUri }, header(code, 1, chal('md5', nonce)), status(code, 1, '1'), status(code, 1, '2'));
  const again = opened({ ownAuth: proves('md5', device) }, genericAlert('a')).say(hear(challenge));
  expect(outline(sent(again))).toEqual(['Status 200 1/0', 'Alert 1201', 'Replace ./DevInfo/DevId', 'Alert 1226', 'Final']);
  expect(sent(again).SyncHdr).toMatchObject({ SessionID: sessionId, MsgID: '2', Cred: { Data: 'Zz6EivR3yeaaENcRN6lpAQ==' } });
  expect(again.effects.at(-1)).toMatchObject({ kind: 'send', to: respUri });
});
