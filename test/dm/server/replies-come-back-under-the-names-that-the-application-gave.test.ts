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
  outline,
  packageOne,
  replace,
  results,
  sent,
  status,
} from '../session/messages.js';

test('replies come back under the names that the application gave', () => {
  const atomic: ServerCommand = {
    name: 'Atomic',
    CmdID: 'block',
    commands: [replace('./a', '1', {}, 'first'), replace('./b', '2', {}, 'second')],
  };
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([atomic, get('./c', 'third')]));
  expect(outline(sent(two)).slice(3)).toEqual(['Atomic (Replace ./a, Replace ./b)', 'Get ./c', 'Final']);
  const three = fromClient(
    { msgId: 2 },
    header('200', 1),
    status('507', 1, '4', { Cmd: 'Atomic' }),
    status('216', 1, '5', { Cmd: 'Replace' }),
    status('404', 1, '6', { Cmd: 'Replace' }),
    status('200', 1, '7'),
    results(1, '7', './c', 'see'),
    status('200', 1, '9'),
  );
  expect(delivery(two.say(hear(three))).replies).toEqual([
    { name: 'Status', Cmd: 'Atomic', CmdRef: 'block', Data: '507' },
    { name: 'Status', Cmd: 'Replace', CmdRef: 'first', Data: '216' },
    { name: 'Status', Cmd: 'Replace', CmdRef: 'second', Data: '404' },
    { name: 'Status', Cmd: 'Get', CmdRef: 'third', Data: '200' },
    { name: 'Results', CmdRef: 'third', Item: [{ Source: { LocURI: './c' }, Data: 'see' }] },
  ]);
});

test('Results without MsgRef are of the last command of their CmdID', () => {
  const two = dmServer()
    .say(hear(packageOne({})))
    .say(answer([get('./c', 'third')]));
  const { MsgRef: _, ...bare } = results(1, '4', './c', 'see');
  expect(delivery(two.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4'), bare)))).replies).toHaveLength(2);
});
