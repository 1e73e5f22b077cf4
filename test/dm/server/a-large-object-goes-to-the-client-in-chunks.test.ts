import { expect, test } from 'vitest';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';
import {
  alert,
  answer,
  base64,
  chal,
  delivery,
  dmServer,
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
  sizeOf,
  status,
} from '../session/messages.js';

const data = '<😀&>'.repeat(500);
const limit = 1300;

function send() {
  return dmServer()
    .say(hear(packageOne({ maxMsgSize: limit })))
    .say(answer([replace('./a', data, {}, 'big'), get('./b', 'after')]));
}
const taken = (msgId: number, cmdId: string, code = '213') => [
  header('200', msgId - 1),
  status(code, msgId - 1, cmdId, { Cmd: 'Replace' }),
];
const idOf = (message: SyncMLMessage) => message.SyncBody.commands.find(({ name }) => name === 'Replace')?.CmdID ?? '';

test('a large object goes in chunks; Final comes with the last', () => {
  let one = send();
  let whole = '';
  const sizes: (string | undefined)[] = [];
  for (let msgId = 2; ; msgId++) {
    expect(sizeOf(one)[0]).toBeLessThanOrEqual(limit);
    const chunk = sent(one).SyncBody.commands.flatMap((command) => (command.name === 'Replace' ? (command.Item ?? []) : []))[0];
    whole += chunk?.Data;
    sizes.push(chunk?.Meta?.Size);
    expect(sent(one).SyncBody.Final).toBe(chunk?.MoreData ? undefined : true);
    if (!chunk?.MoreData) break;
    one = one.say(hear(fromClient({ msgId, open: true }, ...taken(msgId, idOf(sent(one))), alert('1222'))));
  }
  expect(whole).toBe(data);
  expect(sizes).toEqual([String(data.length), ...sizes.slice(1).map(() => undefined)]);
  const last = Number(sent(one).SyncHdr.MsgID) + 1;
  const next = one.say(hear(fromClient({ msgId: last }, ...taken(last, idOf(sent(one)), '200'))));
  expect(outline(sent(next))).toContain('Get ./b');
});

test('a client that refuses it gets no more of it, and is not asked for its own package', () => {
  const one = send();
  const next = one.say(hear(fromClient({ msgId: 2, open: true }, ...taken(2, idOf(sent(one)), '413'), alert('1222'))));
  expect(outline(sent(next))).toEqual(['Status 200 2/0', 'Status 200 2/3', 'Get ./b', 'Final']);
  const done = next.say(hear(fromClient({ msgId: 3 }, header('200', 2), status('200', 2, '3'))));
  expect(delivery(done).replies).toMatchObject([
    { CmdRef: 'big', Data: '413' },
    { CmdRef: 'after', Data: '200' },
  ]);
});

test('a client that challenges us in the middle of it gets it again from its last chunk', () => {
  const setup = { ownAuth: proves('md5', server, base64('stale')) };
  const one = dmServer(setup)
    .say(hear(packageOne({ maxMsgSize: limit })))
    .say(answer([replace('./a', data, {}, 'big')]));
  const demand = chal('md5', base64('n2'));
  const again = one.say(hear(fromClient({ msgId: 2 }, header('401', 1, demand), status('401', 1, idOf(sent(one)), { Cmd: 'Replace' }))));
  const [chunk] = sent(again).SyncBody.commands.flatMap((command) => (command.name === 'Replace' ? (command.Item ?? []) : []));
  expect(chunk?.Meta?.Size).toBe(String(data.length));
  expect(data.startsWith(String(chunk?.Data))).toBe(true);
});

test('a size that the application gave is said once, too', () => {
  const setup = dmServer().say(hear(packageOne({ maxMsgSize: limit })));
  const one = setup.say(answer([replace('./a', data, { Meta: { Format: 'chr', Size: '1' } }, 'big')]));
  const two = one.say(hear(fromClient({ msgId: 2, open: true }, ...taken(2, idOf(sent(one))), alert('1222'))));
  const metas = [one, two].map(
    (step) => sent(step).SyncBody.commands.flatMap((command) => (command.name === 'Replace' ? (command.Item ?? []) : []))[0]?.Meta,
  );
  expect(metas).toEqual([{ Format: 'chr', Size: String(data.length) }, { Format: 'chr' }]);
});
