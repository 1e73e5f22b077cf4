import { expect, test } from 'vitest';
import { executed, fromServer, get, header, hear, opened, statusReply } from '../session/messages.js';

const fine = { msgId: 2 };

test.each([
  { what: 'another SessionID', head: { ...fine, session: 'B2' }, detail: 'SessionID differs' },
  { what: 'the same MsgID', head: { msgId: 1 }, detail: 'MsgID did not rise' },
])('$what ends the session', ({ head, detail }) => {
  const three = opened()
    .say(hear(fromServer({}, header('212', 1), get('./a'))))
    .say(executed(statusReply('2')));
  expect(three.say(hear(fromServer(head, get('./b')))).effects).toEqual([{ kind: 'end', reason: 'protocol', detail }]);
});

test('a message out of turn ends the session', () => {
  const busy = opened().say(hear(fromServer({}, header('212', 1), get('./a'))));
  const end = busy.say(hear(fromServer(fine, get('./b'))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'protocol', detail: 'a message came out of turn' }]);
  expect(end.say(hear(fromServer({ msgId: 3 }))).effects).toEqual([]);
});
