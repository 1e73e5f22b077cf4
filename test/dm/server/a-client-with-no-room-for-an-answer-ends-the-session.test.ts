import { expect, test } from 'vitest';
import { answer, dmServer, ending, get, hear, kinds, outline, packageOne, sent, sizeOf } from '../session/messages.js';

test('with 1223 where that has room', () => {
  const many = Array.from({ length: 30 }, () => get('./b'));
  const end = dmServer()
    .say(hear(packageOne({ maxMsgSize: 900 }, ...many)))
    .say(answer());
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Alert 1223', 'Final']);
  expect(sizeOf(end)[0]).toBeLessThanOrEqual(900);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'protocol', detail: "the client's MaxMsgSize of 900 bytes is too small" });
});

test('without a word where nothing has room', () => {
  const end = dmServer()
    .say(hear(packageOne({ maxMsgSize: 100 })))
    .say(answer());
  expect(kinds(end)).toEqual(['end']);
});
