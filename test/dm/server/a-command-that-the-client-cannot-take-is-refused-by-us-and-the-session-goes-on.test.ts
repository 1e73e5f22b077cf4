import { expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
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
  replace,
  sent,
  status,
} from '../session/messages.js';

const block: ServerCommand = {
  name: 'Atomic',
  CmdID: 'block',
  commands: [replace('./a', 'x'.repeat(2000), {}, 'm1'), replace('./b', 'y', {}, 'm2')],
};
const refusal = [
  { name: 'Status', CmdRef: 'block', Cmd: 'Atomic', Data: '413' },
  { name: 'Status', CmdRef: 'm1', Cmd: 'Replace', Data: '215' },
  { name: 'Status', CmdRef: 'm2', Cmd: 'Replace', Data: '215' },
];

test.each([
  { what: 'too large for a message', head: { maxMsgSize: 1200 } },
  { what: 'with an object too large', head: { maxObjSize: 1000 } },
])('an Atomic $what, alone', ({ head }) => {
  const refused = dmServer()
    .say(hear(packageOne(head)))
    .say(answer([block]));
  expect(kinds(refused)).toEqual(['deliver']);
  expect(delivery(refused)).toMatchObject({ final: true, replies: refusal });
  const two = refused.say(answer([get('./c', 'c')]));
  expect(outline(sent(two))).toEqual(['Status 200 1/0', 'Status 200 1/1', 'Status 200 1/2', 'Get ./c', 'Final']);
});

test.each([
  { what: 'too large for a message', head: { maxMsgSize: 1200 } },
  { what: 'with an object too large', head: { maxObjSize: 1000 } },
])('an Atomic $what, with others', ({ head }) => {
  const two = dmServer()
    .say(hear(packageOne(head)))
    .say(answer([block, get('./c', 'c')]));
  expect(outline(sent(two)).slice(3)).toEqual(['Get ./c', 'Final']);
  const three = two.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4'))));
  expect(delivery(three).replies).toEqual([...refusal, { name: 'Status', CmdRef: 'c', Cmd: 'Get', Data: '200' }]);
});

test('an object within MaxObjSize goes', () => {
  const two = dmServer()
    .say(hear(packageOne({ maxObjSize: 5 })))
    .say(answer([replace('./a', '12345', {}, 'fits'), replace('./a', '123456', {}, 'not')]));
  expect(outline(sent(two)).slice(3)).toEqual(['Replace ./a', 'Final']);
});
