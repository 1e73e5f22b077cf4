import { expect, test } from 'vitest';
import {
  base64,
  chal,
  credOf,
  device,
  executed,
  fromServer,
  get,
  header,
  hear,
  opened,
  proves,
  sent,
  statusReply,
} from '../session/messages.js';

const next = base64('next');

test.each([
  { code: '212', later: '200', scheme: 'basic', again: false },
  { code: '212', later: '200', scheme: 'md5', again: false },
  { code: '200', later: '200', scheme: 'basic', again: true },
  { code: '200', later: '200', scheme: 'md5', again: true },
] as const)('$scheme after $code: credentials again is $again', ({ code, later, scheme, again }) => {
  const two = fromServer({}, header(code, 1, scheme === 'md5' ? chal('md5', next) : undefined), get('./a'));
  const four = fromServer({ msgId: 2 }, header(later, 2), get('./b'));
  const first = opened({ ownAuth: proves(scheme, device, base64('first')) })
    .say(hear(two))
    .say(executed(statusReply('2')));
  const second = first.say(hear(four)).say(executed(statusReply('2')));
  const expected = again ? credOf(scheme, device, next) : undefined;
  expect(sent(first).SyncHdr.Cred).toEqual(expected);
  expect(sent(second).SyncHdr.Cred).toEqual(expected);
});
