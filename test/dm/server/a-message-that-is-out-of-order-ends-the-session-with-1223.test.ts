import { expect, test } from 'vitest';
import { answer, dmServer, ending, fromClient, get, header, hear, outline, packageOne, sent } from '../session/messages.js';

const busy = () => dmServer().say(hear(packageOne({})));
const waiting = () => busy().say(answer([get('./a', 'mine')]));

test.each([
  { what: 'out of turn', at: busy, head: { msgId: 2 }, detail: 'a message came while the last one was not answered' },
  { what: 'with the same MsgID', at: waiting, head: { msgId: 1 }, detail: 'MsgID did not rise' },
  { what: 'of another device', at: waiting, head: { msgId: 2, source: 'IMEI:2' }, detail: 'Source differs' },
  { what: 'of another session', at: waiting, head: { msgId: 2, session: 'B2' }, detail: 'SessionID differs' },
])('a message $what', ({ at, head, detail }) => {
  const end = at().say(hear(fromClient(head, header('200', 1))));
  expect(outline(sent(end))).toEqual([`Status 400 ${head.msgId}/0`, 'Alert 1223', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'protocol', detail });
});
