import { expect, test } from 'vitest';
import { executed, fromServer, get, header, hear, opened, outline, sent, status, statusReply } from '../session/messages.js';

test('a package that is not closed is asked for, and ours stays open', () => {
  const asked = opened()
    .say(hear(fromServer({ open: true }, header('212', 1), get('./a'))))
    .say(executed(statusReply('2')));
  expect(outline(sent(asked))).toEqual(['Status 200 1/0', 'Alert 1222', 'Status 200 1/2']);
  const more = asked.say(hear(fromServer({ msgId: 2 }, header('200', 2), get('./b')))).say(executed(statusReply('2')));
  expect(outline(sent(more))).toEqual(['Status 200 2/0', 'Status 200 2/2', 'Final']);
});

test('a server that never sets Final is not asked for ever', () => {
  const asked = opened().say(hear(fromServer({ open: true }, header('212', 1))));
  expect(outline(sent(asked))).toEqual(['Status 200 1/0', 'Alert 1222']);
  const end = asked.say(hear(fromServer({ msgId: 2, open: true }, header('200', 2), status('200', 2, '2'))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'complete' }]);
});
