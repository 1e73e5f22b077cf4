import { expect, test } from 'vitest';
import { base64, chal, device, fromServer, header, hear, opened, proves, sent } from '../session/messages.js';

test('a client answers two challenges and no third', () => {
  const challenge = (msgId: number) => hear(fromServer({ msgId }, header('401', msgId, chal('md5', base64(`n${msgId}`)))));
  const second = opened({ ownAuth: proves('md5', device) })
    .say(challenge(1))
    .say(challenge(2));
  expect(sent(second).SyncHdr.MsgID).toBe('3');
  expect(second.say(challenge(3)).effects).toEqual([{ kind: 'end', reason: 'refused-by-peer', status: '401' }]);
});
