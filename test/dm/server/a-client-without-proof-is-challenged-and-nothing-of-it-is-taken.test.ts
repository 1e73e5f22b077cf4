import { expect, test } from 'vitest';
import {
  base64,
  credOf,
  delivery,
  demands,
  devInfo,
  device,
  dmServer,
  hear,
  kinds,
  outline,
  packageOne,
  proves,
  sent,
  server,
} from '../session/messages.js';

const fresh = base64('fresh');

test.each([
  { what: 'no credentials', cred: undefined, code: '407' },
  { what: 'wrong credentials', cred: credOf('md5', device, base64('stale')), code: '401' },
])('with $what: $code', ({ cred, code }) => {
  const setup = { clientAuth: demands('md5', device, base64('Nonce')), ownAuth: proves('basic', server) };
  const two = dmServer(setup).say(hear(packageOne({ cred }), fresh));
  expect(kinds(two)).toEqual(['send']);
  expect(outline(sent(two))).toEqual([`Status ${code} 1/0 challenged`, `Status ${code} 1/1`, `Status ${code} 1/2`, 'Final']);
  expect(sent(two).SyncBody.commands[0]).toMatchObject({ Chal: { Meta: { Type: 'syncml:auth-md5', Format: 'b64', NextNonce: fresh } } });
  expect(sent(two).SyncHdr.Cred).toBeUndefined();

  const again = two.say(hear(packageOne({ msgId: 2, cred: credOf('md5', device, fresh) }), base64('next')));
  expect(delivery(again)).toMatchObject({ opened: '1201', devInfo });
});
