import { expect, test } from 'vitest';
import { base64, chal, device, fromServer, header, hear, opened, proves } from '../session/messages.js';

test.each([
  { what: 'another scheme', demanded: chal('basic') },
  { what: 'a scheme of nobody', demanded: { Meta: { Type: 'syncml:auth-MAC', NextNonce: base64('n') } } },
  { what: 'no challenge at all', demanded: undefined },
])('$what ends the session', ({ demanded }) => {
  const end = opened({ ownAuth: proves('md5', device) }).say(hear(fromServer({}, header('401', 1, demanded))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'refused-by-peer', status: '401' }]);
});

test('so does a client without credentials', () => {
  const end = opened().say(hear(fromServer({}, header('407', 1, chal('basic')))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'refused-by-peer', status: '407' }]);
});
