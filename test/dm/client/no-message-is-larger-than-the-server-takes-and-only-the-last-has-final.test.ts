import { expect, test } from 'vitest';
import { alert, executed, fromServer, get, header, hear, opened, outline, sent, sizeOf, statusReply } from '../session/messages.js';

test('no message is larger than the server takes and only the last has Final', () => {
  const limit = 1000;
  const gets = Array.from({ length: 30 }, (_, at) => get(`./n${at}`));
  let one = opened().say(hear(fromServer({ maxMsgSize: limit }, header('212', 1), ...gets)));
  one = one.say(executed(...gets.map((_, at) => statusReply(String(at + 2)))));
  const messages = [sent(one)];
  for (let msgId = 2; sent(one).SyncBody.Final === undefined; msgId++) {
    expect(sizeOf(one)[0]).toBeLessThanOrEqual(limit);
    one = one.say(hear(fromServer({ msgId, open: true }, header('200', msgId), alert('1222'))));
    messages.push(sent(one));
  }
  const statuses = messages.flatMap(outline).filter((line) => / 1\/(?!0)/.test(line));
  expect(messages.length).toBeGreaterThan(3);
  expect(statuses).toEqual(gets.map((_, at) => `Status 200 1/${at + 2}`));
  expect(messages.flatMap(outline)).not.toContain('Alert 1222');
});
