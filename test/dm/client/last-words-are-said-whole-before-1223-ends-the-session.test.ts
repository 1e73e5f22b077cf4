import { expect, test } from 'vitest';
import { alert, ending, fromServer, get, header, hear, opened, outline, sent, statusReply, toExecute } from '../session/messages.js';

const busy = (maxMsgSize: number, count: number) => {
  const gets = Array.from({ length: count }, (_, at) => get(`./n${at}`));
  const replies = gets.map((_, at) => statusReply(String(at + 2)));
  return opened()
    .say(hear(fromServer({ maxMsgSize }, header('212', 1), ...gets)))
    .say({ kind: 'executed', replies, abort: true });
};

test('in one message', () => {
  const end = busy(65_536, 1);
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Status 200 1/2', 'Alert 1223', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'aborted' });
});

test('in as many as they need; nothing is executed any more', () => {
  let one = busy(1200, 12);
  expect(ending(one)).toBeUndefined();
  const said = [...outline(sent(one))];
  for (let msgId = 2; ending(one) === undefined; msgId++) {
    one = one.say(hear(fromServer({ msgId, open: true }, header('200', msgId), alert('1222'), get('./late'))));
    expect(toExecute(one)).toEqual([]);
    said.push(...outline(sent(one)));
  }
  expect(said.filter((line) => line.startsWith('Status 200 1/'))).toHaveLength(13);
  expect(said).toContain('Status 215 2/3');
  expect(said.slice(-2)).toEqual(['Alert 1223', 'Final']);
});

test('with Final even where the server has not closed its package', () => {
  const open = opened().say(hear(fromServer({ open: true }, header('212', 1), get('./a'))));
  const end = open.say({ kind: 'executed', replies: [statusReply('2')], abort: true });
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Status 200 1/2', 'Alert 1223', 'Final']);
});
