import { expect, test } from 'vitest';
import { alert, executed, fromServer, get, header, hear, opened, outline, resultsReply, sent } from '../session/messages.js';

test('a result of which the server misses the end is not sent on', () => {
  const two = fromServer({ maxMsgSize: 1200 }, header('212', 1), get('./a'));
  const chunk = opened()
    .say(hear(two))
    .say(executed(resultsReply('2', './a', 'x'.repeat(5000))));
  expect(outline(sent(chunk)).at(-1)).toBe('Results ./a …');
  const done = chunk.say(hear(fromServer({ msgId: 2, open: true }, header('200', 2), alert('1225'))));
  expect(outline(sent(done))).toEqual(['Status 200 2/0', 'Status 200 2/2', 'Final']);
});
