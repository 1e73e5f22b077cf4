import { expect, test } from 'vitest';
import { alert, answer, dmServer, ending, fromClient, get, header, hear, outline, packageOne, sent, status } from '../session/messages.js';

test('the abort of a client is answered with Status only', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'a'), get('./b', 'b')]));
  const end = two.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4'), alert('1223'))));
  expect(outline(sent(end))).toEqual(['Status 200 2/0', 'Status 200 2/3', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'aborted-by-peer' });
});

test('the replies that came before the end are kept', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'a'), get('./b', 'b')]));
  const end = two.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4'), alert('1223'))));
  expect(end.state.replies).toEqual([{ name: 'Status', Cmd: 'Get', CmdRef: 'a', Data: '200' }]);
});
