import { expect, test } from 'vitest';
import type { Item } from '#src/dm/syncml/index.js';
import { fromServer, header, hear, opened, outline, replace, sent, toExecute } from '../session/messages.js';

const chunk = (msgId: number, uri: string, data: string, more: Partial<Item> = {}, open = true) =>
  hear(fromServer({ msgId, open }, header('200', msgId), replace(uri, data, more)));
const size = (Size: string) => ({ Meta: { Size }, MoreData: true as const });

test('a large object is executed once when it is complete', () => {
  const first = opened().say(chunk(1, './a', 'abc', size('8')));
  expect(outline(sent(first))).toEqual(['Status 200 1/0', 'Status 213 1/2', 'Alert 1222']);
  const second = first.say(chunk(2, './a', 'def', { MoreData: true }));
  expect(outline(sent(second))).toEqual(['Status 200 2/0', 'Status 213 2/2', 'Alert 1222']);
  const third = second.say(chunk(3, './a', 'gh', {}, false));
  expect(toExecute(third)).toEqual([
    { name: 'Replace', CmdID: '2', Item: [{ Target: { LocURI: './a' }, Meta: { Size: '8' }, Data: 'abcdefgh' }] },
  ]);
  expect(third.state.assembly).toBeUndefined();
  expect(third.history.filter(({ kind }) => kind === 'execute')).toHaveLength(1);
});
