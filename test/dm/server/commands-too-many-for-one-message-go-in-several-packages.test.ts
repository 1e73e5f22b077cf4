import { expect, test } from 'vitest';
import {
  answer,
  delivery,
  dmServer,
  fromClient,
  get,
  header,
  hear,
  kinds,
  outline,
  packageOne,
  sent,
  sizeOf,
  status,
} from '../session/messages.js';

const limit = 1400;
const gets = Array.from({ length: 20 }, (_, at) => get(`./n${at}`, `g${at}`));

test('commands too many for one message wait until the last ones are answered', () => {
  let one = dmServer()
    .say(hear(packageOne({ maxMsgSize: limit })))
    .say(answer(gets));
  const asked: string[] = [];
  let messages = 0;
  for (let msgId = 2; kinds(one)[0] === 'send'; msgId++) {
    expect(sizeOf(one)[0]).toBeLessThanOrEqual(limit);
    expect(sent(one).SyncBody.Final).toBe(true);
    messages++;
    const mine = sent(one).SyncBody.commands.filter(({ name }) => name === 'Get');
    asked.push(...outline(sent(one)).filter((line) => line.startsWith('Get')));
    const statuses = mine.map(({ CmdID }) => status('200', msgId - 1, CmdID));
    one = one.say(hear(fromClient({ msgId }, header('200', msgId - 1), ...statuses)));
  }
  expect(messages).toBeGreaterThan(2);
  expect(asked).toEqual(gets.map((_, at) => `Get ./n${at}`));
  expect(delivery(one)).toMatchObject({ final: true });
  expect(delivery(one).replies.map(({ CmdRef }) => CmdRef)).toEqual(gets.map(({ CmdID }) => CmdID));
});

test('no new ones go while the client has not closed its package', () => {
  const two = dmServer()
    .say(hear(packageOne({ maxMsgSize: limit })))
    .say(answer(gets));
  const wait = two.say(hear(fromClient({ msgId: 2, open: true }, header('200', 1), status('200', 1, '4'))));
  expect(outline(sent(wait))).toEqual(['Status 200 2/0', 'Alert 1222']);
});
