import { expect, test } from 'vitest';
import { answer, delivery, dmServer, fromClient, header, hear, outline, packageOne, sent, status } from '../session/messages.js';

test('an Item that no message can carry is refused by its URI', () => {
  const Item = [
    { Target: { LocURI: './a' }, Data: 'x' },
    { Target: { LocURI: './b' }, Data: 'x'.repeat(3000) },
  ];
  const two = dmServer()
    .say(hear(packageOne({ maxMsgSize: 1300 })))
    .say(answer([{ name: 'Exec', CmdID: 'mine', Item }]));
  expect(outline(sent(two)).at(-2)).toBe('Exec ./a');
  const done = two.say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4', { Cmd: 'Exec' }))));
  const { replies } = delivery(done);
  expect(replies.map((reply) => [reply.TargetRef, 'Data' in reply && reply.Data])).toEqual([
    [['./a'], '200'],
    [['./b'], '413'],
  ]);
});
