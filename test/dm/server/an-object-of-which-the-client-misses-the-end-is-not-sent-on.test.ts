import { expect, test } from 'vitest';
import {
  alert,
  answer,
  delivery,
  dmServer,
  fromClient,
  get,
  header,
  hear,
  outline,
  packageOne,
  replace,
  sent,
} from '../session/messages.js';

test('an object of which the client misses the end is not sent on, and the application speaks next', () => {
  const one = dmServer()
    .say(hear(packageOne({ maxMsgSize: 1300 })))
    .say(answer([replace('./a', 'x'.repeat(3000), {}, 'big')]));
  expect(outline(sent(one)).at(-1)).toBe('Replace ./a …');
  const told = one.say(hear(fromClient({ msgId: 2, open: true }, header('200', 1), alert('1225'))));
  expect(delivery(told)).toMatchObject({ final: true, replies: [] });
  expect(outline(sent(told.say(answer([get('./b', 'b')]))))).toEqual(['Status 200 2/0', 'Status 200 2/2', 'Get ./b', 'Final']);
});
