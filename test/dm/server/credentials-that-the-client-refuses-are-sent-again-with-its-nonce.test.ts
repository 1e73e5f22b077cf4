import { expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import {
  answer,
  base64,
  chal,
  credOf,
  delivery,
  dmServer,
  ending,
  fromClient,
  get,
  header,
  hear,
  outline,
  packageOne,
  proves,
  replace,
  sent,
  server,
  status,
} from '../session/messages.js';

const nonce = base64('demanded');
const start = (setup = proves('md5', server, base64('stale'))) =>
  dmServer({ ownAuth: setup })
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'mine')]));
const challenge = (msgId: number, scheme: 'basic' | 'md5' = 'md5') =>
  hear(fromClient({ msgId }, header('401', msgId - 1, chal(scheme, nonce)), status('401', msgId - 1, '4')));

test('credentials that the client refuses are sent again with its nonce', () => {
  const again = start().say(challenge(2));
  expect(again.effects[0]).toEqual({ kind: 'store-nonce', whose: 'server', nonce });
  expect(outline(sent(again))).toEqual(['Status 200 2/0', 'Get ./a', 'Final']);
  expect(sent(again).SyncHdr.Cred).toEqual(credOf('md5', server, nonce));
  const done = again.say(hear(fromClient({ msgId: 3 }, header('212', 2), status('200', 2, '2'))));
  expect(delivery(done).replies).toEqual([{ name: 'Status', Cmd: 'Get', CmdRef: 'mine', Data: '200' }]);
});

test('a challenge that we cannot answer ends the session with 1223', () => {
  const end = start().say(challenge(2, 'basic'));
  expect(outline(sent(end))).toEqual(['Status 200 2/0', 'Alert 1223', 'Final']);
  expect(ending(end)).toEqual({ kind: 'end', reason: 'refused-by-peer', status: '401' });
});

test('a command that was refused for its size is not refused twice', () => {
  const setup = { ownAuth: proves('md5', server, base64('stale')) };
  const block: ServerCommand = { name: 'Atomic', CmdID: 'block', commands: [replace('./a', 'x'.repeat(2000), {}, 'm1')] };
  const two = dmServer(setup)
    .say(hear(packageOne({ maxMsgSize: 1400 })))
    .say(answer([block, get('./a', 'mine')]));
  const done = two.say(challenge(2)).say(hear(fromClient({ msgId: 3 }, header('212', 2), status('200', 2, '2'))));
  expect(delivery(done).replies.map(({ CmdRef }) => CmdRef)).toEqual(['block', 'm1', 'mine']);
});
