import { expect, test } from 'vitest';
import {
  answer,
  delivery,
  dmServer,
  fromClient,
  get,
  header,
  hear,
  outline,
  packageOne,
  results,
  sent,
  status,
} from '../session/messages.js';

const size = (Size: string) => ({ Meta: { Size }, MoreData: true as const });
const asked = (maxObjSize = 65_536) =>
  dmServer({ offer: { maxMsgSize: 65_536, maxObjSize } })
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'mine')]));
const part = (msgId: number, data: string, more = {}, open = true) =>
  hear(fromClient({ msgId, open }, header('200', msgId - 1), status('200', 1, '4'), results(1, '4', './a', data, more)));

test('each chunk gets 213, the whole none', () => {
  const first = asked().say(part(2, 'abc', size('5')));
  expect(outline(sent(first))).toEqual(['Status 200 2/0', 'Status 213 2/3', 'Alert 1222']);
  const replies = delivery(first.say(part(3, 'de', {}, false))).replies;
  expect(replies.at(-1)).toMatchObject({ name: 'Results', CmdRef: 'mine', Item: [{ Source: { LocURI: './a' }, Data: 'abcde' }] });
  expect(replies.filter(({ name }) => name === 'Results')).toHaveLength(1);
});

test('424 where it has not the announced size', () => {
  const done = asked()
    .say(part(2, 'abc', size('9')))
    .say(part(3, 'de', {}, false));
  expect(delivery(done).replies.every(({ name }) => name === 'Status')).toBe(true);
  expect(outline(sent(done.say(answer())))).toEqual(['Status 200 3/0', 'Status 424 3/3', 'Final']);
});

test('413 where it is larger than we take, and its tail is no result', () => {
  const refused = asked(4).say(part(2, 'abc', size('5')));
  expect(outline(sent(refused))).toContain('Status 413 2/3');
  expect(delivery(refused.say(part(3, 'de', {}, false))).replies.every(({ name }) => name === 'Status')).toBe(true);
});

test('1225 where something else comes before its end', () => {
  const broken = asked()
    .say(part(2, 'abc', size('5')))
    .say(hear(fromClient({ msgId: 3, open: true }, header('200', 2), results(1, '4', './other', 'x'))));
  expect(outline(sent(broken))).toContain('Alert 1225');
});

test('1225 where the result of another command comes before its end', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'first'), get('./a', 'second')]));
  const other = hear(fromClient({ msgId: 3, open: true }, header('200', 2), results(1, '5', './a', 'other')));
  expect(outline(sent(two.say(part(2, 'abc', size('8'))).say(other)))).toContain('Alert 1225');
});
