import { expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { answer, delivery, dmServer, fromClient, header, hear, kinds, outline, packageOne, sent, status } from '../session/messages.js';

test('a command too big for a message goes Item by Item', () => {
  const items = ['./a', './b', './c'].map((LocURI) => ({ Target: { LocURI }, Data: 'x'.repeat(300) }));
  const command: ServerCommand = { name: 'Replace', CmdID: 'mine', Item: items };
  let one = dmServer()
    .say(hear(packageOne({ maxMsgSize: 1300 })))
    .say(answer([command]));
  const asked: string[] = [];
  for (let msgId = 2; kinds(one)[0] === 'send'; msgId++) {
    const parts = sent(one).SyncBody.commands.filter(({ name }) => name === 'Replace');
    asked.push(...outline(sent(one)).filter((line) => line.startsWith('Replace')));
    const statuses = parts.map(({ CmdID }) => status('200', msgId - 1, CmdID, { Cmd: 'Replace' }));
    one = one.say(hear(fromClient({ msgId }, header('200', msgId - 1), ...statuses)));
  }
  expect(asked).toEqual(['Replace ./a', 'Replace ./b', 'Replace ./c']);
  expect(delivery(one).replies).toEqual(
    ['./a', './b', './c'].map((uri) => ({ name: 'Status', Cmd: 'Replace', CmdRef: 'mine', TargetRef: [uri], Data: '200' })),
  );
});
