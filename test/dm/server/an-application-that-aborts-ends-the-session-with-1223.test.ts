import { expect, test } from 'vitest';
import { dmServer, ending, get, hear, outline, packageOne, sent } from '../session/messages.js';

test('an application that aborts ends the session with 1223', () => {
  const end = dmServer()
    .say(hear(packageOne({})))
    .say({ kind: 'answer', statuses: [], commands: [get('./a', 'mine')], abort: true });
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Status 200 1/1', 'Status 200 1/2', 'Alert 1223', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'aborted' });
});
