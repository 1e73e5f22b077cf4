import { expect, test } from 'vitest';
import { demands, device, dmServer, ending, hear, outline, packageOne, sent } from '../session/messages.js';

test('a third failure is refused without a challenge', () => {
  const bad = (msgId: number) => hear(packageOne({ msgId }));
  const third = dmServer({ clientAuth: demands('basic', device) })
    .say(bad(1))
    .say(bad(2))
    .say(bad(3));
  expect(outline(sent(third))).toEqual(['Status 407 3/0', 'Status 407 3/1', 'Status 407 3/2', 'Final']);
  expect(ending(third)).toEqual({ kind: 'end', reason: 'peer-not-authenticated' });
  expect(third.say(bad(4)).effects).toEqual([]);
});
