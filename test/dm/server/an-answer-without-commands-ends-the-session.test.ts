import { expect, test } from 'vitest';
import { answer, dmServer, ending, hear, outline, packageOne, sent } from '../session/messages.js';

test('an answer without commands ends the session', () => {
  const end = dmServer()
    .say(hear(packageOne({})))
    .say(answer());
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Status 200 1/1', 'Status 200 1/2', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'complete' });
});

test('silence ends it too', () => {
  const end = dmServer()
    .say(hear(packageOne({})))
    .say({ kind: 'silence', detail: 'gone' });
  expect(end.effects).toEqual([{ kind: 'end', reason: 'silence', detail: 'gone' }]);
});
