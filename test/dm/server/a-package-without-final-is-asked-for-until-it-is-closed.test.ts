import { expect, test } from 'vitest';
import {
  alert,
  answer,
  delivery,
  devInfo,
  dmServer,
  fromClient,
  get,
  header,
  hear,
  outline,
  packageOne,
  sent,
  status,
} from '../session/messages.js';

test('a package without Final gets statuses and 1222, no commands and no Final', () => {
  const one = dmServer().say(hear(packageOne({ open: true })));
  expect(delivery(one)).toMatchObject({ opened: '1201', devInfo, final: false });
  const asks = one.say(answer());
  expect(outline(sent(asks))).toEqual(['Status 200 1/0', 'Status 200 1/1', 'Status 200 1/2', 'Alert 1222']);
  const closed = asks.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4', { Cmd: 'Alert' }))));
  expect(delivery(closed)).toMatchObject({ final: true });
  expect(outline(sent(closed.say(answer([get('./a', 'mine')]))))).toEqual(['Status 200 2/0', 'Get ./a', 'Final']);
});

test.each([
  { what: 'answers 1222 with statuses alone', more: [] },
  { what: 'asks back with 1222', more: [alert('1222')] },
])('a client that never sets Final and $what is not asked for ever', ({ more }) => {
  const asks = dmServer()
    .say(hear(packageOne({ open: true })))
    .say(answer());
  const quiet = fromClient({ msgId: 2, open: true }, header('200', 1), status('200', 1, '4', { Cmd: 'Alert' }), ...more);
  expect(delivery(asks.say(hear(quiet)))).toMatchObject({ final: true });
});

test('statuses of commands are news: the client is asked on', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'a'), get('./b', 'b')]));
  const some = two.say(hear(fromClient({ msgId: 2, open: true }, header('200', 1), status('200', 1, '4'))));
  const rest = some.say(hear(fromClient({ msgId: 3, open: true }, header('200', 2), status('200', 1, '5'))));
  expect(outline(sent(rest))).toEqual(['Status 200 3/0', 'Alert 1222']);
});

test('after Final the client is never asked for more', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'a')]));
  const next = two.say(hear(fromClient({ msgId: 2 }, header('200', 1))));
  expect(delivery(next)).toMatchObject({ final: true, replies: [] });
});
