import { expect, test } from 'vitest';
import {
  alert,
  base64,
  chal,
  credOf,
  demands,
  device,
  fromServer,
  genericAlert,
  header,
  hear,
  opened,
  outline,
  proves,
  sent,
  server,
  status,
} from '../session/messages.js';

const setup = { serverAuth: demands('md5', server, base64('expected')) };

test.each([
  { what: 'none', cred: undefined },
  { what: 'wrong ones', cred: credOf('md5', server, base64('stale')) },
])('$what', ({ cred }) => {
  const end = opened(setup).say(hear(fromServer({ cred }, header('212', 1), status('200', 1, '1'))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'complete' }]);
});

test('nor when only the rest of a package is asked for', () => {
  const small = { msgId: 1, maxMsgSize: 900, cred: undefined };
  const again = opened({ ...setup, ownAuth: proves('basic', device) }, genericAlert('a', 'h'.repeat(1000)))
    .say(hear(fromServer(small, header('401', 1, chal('basic')))))
    .say(hear(fromServer({ msgId: 2, open: true }, header('212', 2), alert('1222'))));
  expect(outline(sent(again))[0]).toBe('Status 200 2/0');
});
