import { expect, test } from 'vitest';
import { base64, credOf, demands, fromServer, header, hear, opened, server } from '../session/messages.js';

test('a nonce for the server is rotated only when the server is told', () => {
  const cred = credOf('md5', server, base64('expected'));
  const end = opened({ serverAuth: demands('md5', server, base64('expected')) }).say(hear(fromServer({ cred }, header('212', 1))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'complete' }]);
});
