import { expect, test } from 'vitest';
import type { Item } from '#src/dm/syncml/index.js';
import { executed, fromServer, header, hear, opened, outline, replace, sent, statusReply, toExecute } from '../session/messages.js';

const chunk = (msgId: number, uri: string, data: string, more: Partial<Item> = {}, open = true) =>
  hear(fromServer({ msgId, open }, header('200', msgId), replace(uri, data, more)));
const size = (Size: string) => ({ Meta: { Size }, MoreData: true as const });

test('an interrupted object is told with 1225', () => {
  const second = opened()
    .say(chunk(1, './a', 'abc', size('8')))
    .say(chunk(2, './b', 'whole', {}, false));
  expect(toExecute(second)).toMatchObject([{ Item: [{ Target: { LocURI: './b' }, Data: 'whole' }] }]);
  expect(outline(sent(second.say(executed(statusReply('2')))))).toEqual(['Status 200 2/0', 'Alert 1225', 'Status 200 2/2', 'Final']);
});

test('an object that begins anew with another size is one of its own', () => {
  const second = opened()
    .say(chunk(1, './a', 'abc', size('8')))
    .say(chunk(2, './a', 'wx', size('4')));
  expect(outline(sent(second))).toContain('Alert 1225');
  expect(toExecute(second.say(chunk(3, './a', 'yz', {}, false)))).toMatchObject([{ Item: [{ Data: 'wxyz' }] }]);
});

test('a size that is repeated in every chunk is not', () => {
  const second = opened()
    .say(chunk(1, './a', 'abc', size('5')))
    .say(chunk(2, './a', 'de', { Meta: { Size: '5' } }, false));
  expect(toExecute(second)).toMatchObject([{ Item: [{ Data: 'abcde' }] }]);
});
