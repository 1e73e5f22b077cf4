import { expect, test } from 'vitest';
import { answer, delivery, dmServer, fromClient, get, header, hear, packageOne, results, status } from '../session/messages.js';

const opened = () =>
  dmServer({ offer: { maxMsgSize: 65_536, maxObjSize: 65_536 } })
    .say(hear(packageOne({})))
    .say(answer([get('./a', 'mine')]));
const part = (msgId: number, data: string, more: object, open: boolean) =>
  hear(fromClient({ msgId, open }, header('200', msgId - 1), status('200', 1, '4'), results(1, '4', './a', data, more)));

test('chunks that were bytes in WBXML, so that each is base64 of its own, become base64 of the whole', () => {
  const first = opened().say(part(2, 'YWI=', { Meta: { Format: 'b64', Size: '4' }, MoreData: true }, true));
  const replies = delivery(first.say(part(3, 'Yw==', { Meta: { Format: 'b64' } }, false))).replies;
  expect(replies.at(-1)).toMatchObject({ name: 'Results', Item: [{ Meta: { Format: 'b64' }, Data: 'YWJj' }] });
});

test('base64 that was cut anywhere is put together as it is', () => {
  const first = opened().say(part(2, 'YWI', { Meta: { Format: 'b64', Size: '8' }, MoreData: true }, true));
  const replies = delivery(first.say(part(3, 'jZA==', { Meta: { Format: 'b64' } }, false))).replies;
  expect(replies.at(-1)).toMatchObject({ Item: [{ Data: 'YWIjZA==' }] });
});

test('text that ends with = stays as it is', () => {
  const first = opened().say(part(2, 'key=', { Meta: { Format: 'chr', Size: '8' }, MoreData: true }, true));
  expect(delivery(first.say(part(3, 'word', {}, false))).replies.at(-1)).toMatchObject({ Item: [{ Data: 'key=word' }] });
});
