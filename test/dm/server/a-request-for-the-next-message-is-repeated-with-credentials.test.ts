import { expect, test } from 'vitest';
import {
  answer,
  base64,
  chal,
  credOf,
  dmServer,
  fromClient,
  header,
  hear,
  outline,
  packageOne,
  proves,
  sent,
  server,
  status,
} from '../session/messages.js';

test('a request for the next message is repeated with credentials', () => {
  const asks = dmServer({ ownAuth: proves('md5', server, base64('stale')) })
    .say(hear(packageOne({ open: true })))
    .say(answer());
  const again = asks.say(
    hear(fromClient({ msgId: 2 }, header('401', 1, chal('md5', base64('n2'))), status('401', 1, '4', { Cmd: 'Alert' }))),
  );
  expect(outline(sent(again))).toEqual(['Status 200 2/0', 'Alert 1222']);
  expect(sent(again).SyncHdr.Cred).toEqual(credOf('md5', server, base64('n2')));
});
