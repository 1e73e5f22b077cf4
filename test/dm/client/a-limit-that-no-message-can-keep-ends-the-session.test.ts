import { expect, test } from 'vitest';
import { executed, fromServer, get, header, hear, opened, statusReply } from '../session/messages.js';

test('a limit that no message can keep ends the session', () => {
  const two = fromServer({ maxMsgSize: 300 }, header('212', 1), get('./a'));
  const end = opened()
    .say(hear(two))
    .say(executed(statusReply('2')));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'protocol', detail: "the server's MaxMsgSize of 300 bytes is too small" }]);
});
