import { expect, test } from 'vitest';
import { answer, credOf, demands, device, dmServer, get, hear, packageOne, proves, sent, server } from '../session/messages.js';

const setup = { ownAuth: proves('basic', server), clientAuth: demands('basic', device) };

test.each([
  { what: 'a stranger that is challenged', one: packageOne({}) },
  { what: 'a stranger that is out of order', one: packageOne({}), two: packageOne({ msgId: 1 }) },
])('$what gets none', ({ one, two }) => {
  const first = dmServer(setup).say(hear(one));
  expect(sent(two === undefined ? first : first.say(hear(two))).SyncHdr.Cred).toBeUndefined();
});

test('a client with proof gets them', () => {
  const two = dmServer(setup)
    .say(hear(packageOne({ cred: credOf('basic', device) })))
    .say(answer([get('./a', 'mine')]));
  expect(sent(two).SyncHdr.Cred).toEqual(credOf('basic', server));
});
