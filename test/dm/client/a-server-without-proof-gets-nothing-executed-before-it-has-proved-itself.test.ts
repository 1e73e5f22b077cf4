import { expect, test } from 'vitest';
import {
  base64,
  credOf,
  demands,
  executed,
  fromServer,
  get,
  header,
  hear,
  kinds,
  opened,
  outline,
  sent,
  server,
  statusReply,
  toExecute,
} from '../session/messages.js';

const setup = { serverAuth: demands('md5', server, base64('expected')) };
const fresh = base64('fresh');

test.each([
  { what: 'no credentials', cred: undefined, code: '407' },
  { what: 'wrong credentials', cred: credOf('md5', server, base64('stale')), code: '401' },
])('with $what it is challenged by $code', ({ cred, code }) => {
  const challenged = opened(setup).say(hear(fromServer({ cred }, header('200', 1), get('./a'), get('./b')), fresh));
  expect(outline(sent(challenged))).toEqual([`Status ${code} 1/0 challenged`, `Status ${code} 1/2`, `Status ${code} 1/3`, 'Final']);
  expect(sent(challenged).SyncBody.commands[0]).toMatchObject({
    Chal: { Meta: { Type: 'syncml:auth-md5', Format: 'b64', NextNonce: fresh } },
  });
  expect(kinds(challenged)).toEqual(['send']);

  const proof = credOf('md5', server, fresh);
  const proven = challenged.say(hear(fromServer({ msgId: 2, cred: proof }, header('200', 2), get('./a'), get('./b')), base64('next')));
  expect(toExecute(proven).map(({ name }) => name)).toEqual(['Get', 'Get']);
  const three = proven.say(executed(statusReply('2'), statusReply('3')));
  expect(kinds(three)).toEqual(['store-nonce', 'send']);
  expect(three.effects[0]).toEqual({ kind: 'store-nonce', whose: 'server', nonce: base64('next') });
  expect(outline(sent(three))[0]).toBe('Status 212 2/0 challenged');
});

test('after three failures the session is over', () => {
  const bad = (msgId: number) => hear(fromServer({ msgId }, header('200', msgId), get('./a')));
  const third = opened(setup).say(bad(1)).say(bad(2)).say(bad(3));
  expect(third.effects).toEqual([{ kind: 'end', reason: 'peer-not-authenticated' }]);
});
