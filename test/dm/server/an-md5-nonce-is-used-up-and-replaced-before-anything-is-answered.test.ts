import { expect, test } from 'vitest';
import {
  answer,
  base64,
  credOf,
  delivery,
  demands,
  device,
  dmServer,
  fromClient,
  get,
  header,
  hear,
  kinds,
  outline,
  packageOne,
  sent,
  status,
} from '../session/messages.js';

const nonce = base64('Nonce');
const next = base64('next');

test('an MD5 nonce is used up and replaced before anything is answered', () => {
  const cred = credOf('md5', device, nonce);
  const one = dmServer({ clientAuth: demands('md5', device, nonce) }).say(hear(packageOne({ cred }), next));
  expect(one.effects[0]).toEqual({ kind: 'store-nonce', whose: 'client', nonce: next });
  const two = one.say(answer([get('./a', 'mine')]));
  expect(outline(sent(two))[0]).toBe('Status 212 1/0 challenged');
  expect(sent(two).SyncBody.commands[0]).toMatchObject({ Chal: { Meta: { NextNonce: next } } });
  expect(two.state.clientAuth.expected).toBe(next);
});

test('a client is not asked again in the session', () => {
  const one = dmServer({ clientAuth: demands('basic', device) }).say(hear(packageOne({ cred: credOf('basic', device) })));
  const three = one.say(answer([get('./a', 'mine')])).say(hear(fromClient({ msgId: 2 }, header('200', 1), status('200', 1, '4'))));
  expect(kinds(one)).toEqual(['deliver']);
  expect(delivery(three).replies).toHaveLength(1);
});
