import { expect, test } from 'vitest';
import type { Item } from '#src/dm/syncml/index.js';
import { fromServer, header, hear, opened, outline, replace, sent, toExecute } from '../session/messages.js';

const chunk = (msgId: number, uri: string, data: string, more: Partial<Item> = {}, open = true) =>
  hear(fromServer({ msgId, open }, header('200', msgId), replace(uri, data, more)));
const size = (Size: string) => ({ Meta: { Size }, MoreData: true as const });

const setup = { offer: { maxMsgSize: 65_536, maxObjSize: 5 } };

test('424 where it has not the announced size', () => {
  const end = opened()
    .say(chunk(1, './a', 'abc', size('8')))
    .say(chunk(2, './a', 'd', {}, false));
  expect(outline(sent(end))).toEqual(['Status 200 2/0', 'Status 424 2/2', 'Final']);
});

test('413 where it is announced larger than we take', () => {
  expect(outline(sent(opened(setup).say(chunk(1, './a', 'abc', size('8')))))).toContain('Status 413 1/2');
});

test('413 where it grows larger than we take, for what still comes of it too', () => {
  const grown = opened(setup).say(chunk(1, './a', 'abcdef', { MoreData: true }));
  expect(outline(sent(grown))).toContain('Status 413 1/2');
  expect(grown.state.assembly?.pieces).toBeUndefined();
  const tail = grown.say(chunk(2, './a', 'gh', {}, false));
  expect(outline(sent(tail))).toEqual(['Status 200 2/0', 'Status 413 2/2', 'Final']);
  expect(toExecute(tail)).toEqual([]);
});

test('406 where it comes with other Items', () => {
  const Item = [
    { Target: { LocURI: './b' }, Data: 'x' },
    { Target: { LocURI: './a' }, Data: 'y', MoreData: true as const },
  ];
  const refused = opened().say(hear(fromServer({ open: true }, header('200', 1), { name: 'Replace', CmdID: '', Item })));
  expect(outline(sent(refused))).toContain('Status 406 1/2');
});
