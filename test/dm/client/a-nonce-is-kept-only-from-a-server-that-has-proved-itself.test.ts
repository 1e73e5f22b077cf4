import { expect, test } from 'vitest';
import {
  base64,
  chal,
  credOf,
  demands,
  device,
  fromServer,
  get,
  header,
  hear,
  kinds,
  opened,
  proves,
  server,
} from '../session/messages.js';

const nonce = base64('handed');
const proof = credOf('basic', server);
const setup = { ownAuth: proves('md5', device, base64('old')), serverAuth: demands('basic', server) };
const stored = { kind: 'store-nonce', whose: 'client', nonce };

test('a nonce of a server without proof is not kept', () => {
  expect(kinds(opened(setup).say(hear(fromServer({}, header('212', 1, chal('md5', nonce))))))).toEqual(['end']);
});

test('a nonce of a proven server is kept, before anything else', () => {
  const two = opened(setup).say(hear(fromServer({ cred: proof }, header('212', 1, chal('md5', nonce)), get('./a'))));
  expect(two.effects[0]).toEqual(stored);
});

test('a nonce is kept as soon as its server has proved itself', () => {
  const challenged = opened(setup).say(hear(fromServer({}, header('212', 1, chal('md5', nonce)), get('./a'))));
  expect(kinds(challenged)).toEqual(['send']);
  const proven = challenged.say(hear(fromServer({ msgId: 2, cred: proof }, header('200', 2), get('./a'))));
  expect(proven.effects[0]).toEqual(stored);
});
