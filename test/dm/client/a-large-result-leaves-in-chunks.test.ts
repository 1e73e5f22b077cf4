import { expect, test } from 'vitest';
import type { Item } from '#src/dm/syncml/index.js';
import {
  alert,
  executed,
  fromServer,
  get,
  header,
  hear,
  opened,
  outline,
  resultsReply,
  sent,
  sizeOf,
  status,
  statusReply,
} from '../session/messages.js';

const data = '<😀&>\r\n '.repeat(300);

function ask(maxMsgSize: number) {
  const two = fromServer({ maxMsgSize }, header('212', 1), get('./a'), get('./b'));
  return opened()
    .say(hear(two))
    .say(executed(statusReply('2'), resultsReply('2', './a', data), statusReply('3')));
}
const next = (msgId: number) => hear(fromServer({ msgId, open: true }, header('200', msgId), status('213', msgId, '2'), alert('1222')));

test('a large result leaves in chunks', () => {
  let one = ask(1200);
  const chunks: Item[] = [];
  for (let msgId = 2; ; msgId++) {
    expect(sizeOf(one)[0]).toBeLessThanOrEqual(1200);
    chunks.push(...sent(one).SyncBody.commands.flatMap((command) => (command.name === 'Results' ? (command.Item ?? []) : [])));
    if (sent(one).SyncBody.Final) break;
    one = one.say(next(msgId));
  }
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.map(({ Data }) => Data).join('')).toBe(data);
  expect(chunks.map(({ Meta }) => Meta?.Size)).toEqual([String(data.length), ...chunks.slice(1).map(() => undefined)]);
  expect(chunks.map(({ MoreData }) => MoreData)).toEqual([...chunks.slice(1).map(() => true), undefined]);
  expect(new Set(chunks.map(({ Source }) => Source?.LocURI))).toEqual(new Set(['./a']));
});

test('its Status goes before it, and the rest is not sent when the server refuses it', () => {
  const first = ask(1200);
  expect(outline(sent(first))).toEqual(['Status 200 1/0', 'Status 200 1/2']);
  const second = first.say(hear(fromServer({ msgId: 2, open: true }, header('200', 2), alert('1222'))));
  expect(outline(sent(second)).at(-1)).toBe('Results ./a …');
  const refused = status('413', 3, '3', { Cmd: 'Results' });
  const third = second.say(hear(fromServer({ msgId: 3, open: true }, header('200', 3), refused, alert('1222'))));
  expect(outline(sent(third))).toEqual(['Status 200 3/0', 'Status 200 3/3', 'Status 200 1/3', 'Final']);
});
