import { expect, test } from 'vitest';
import { executed, fromServer, get, header, hear, opened, outline, resultsReply, sent, statusReply } from '../session/messages.js';

test('a result larger than the server takes becomes a 413', () => {
  const two = fromServer({ maxObjSize: 5 }, header('212', 1), get('./a'), get('./b'));
  const three = opened()
    .say(hear(two))
    .say(executed(statusReply('2'), resultsReply('2', './a', 'abcdef'), statusReply('3'), resultsReply('3', './b', 'abcde')));
  expect(outline(sent(three))).toEqual(['Status 200 1/0', 'Status 413 1/2', 'Status 200 1/3', 'Results ./b', 'Final']);
});

test('only the Items that are too large', () => {
  const both = {
    name: 'Results',
    CmdRef: '2',
    Item: [
      { Source: { LocURI: './a' }, Data: 'abcdef' },
      { Source: { LocURI: './b' }, Data: 'b' },
    ],
  } as const;
  const of = (uri: string) => ({ ...statusReply('2'), TargetRef: [uri] });
  const three = opened()
    .say(hear(fromServer({ maxObjSize: 5 }, header('212', 1), get('./a'))))
    .say(executed(of('./a'), of('./b'), both));
  expect(outline(sent(three))).toEqual(['Status 200 1/0', 'Status 413 1/2', 'Status 200 1/2', 'Results ./b', 'Final']);
});
