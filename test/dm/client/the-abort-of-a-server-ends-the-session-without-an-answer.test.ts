import { expect, test } from 'vitest';
import { alert, demands, fromServer, get, header, hear, opened, server } from '../session/messages.js';

test.each([
  { what: 'a trusted server', setup: {} },
  { what: 'a server without proof', setup: { serverAuth: demands('basic', server) } },
])('$what', ({ setup }) => {
  const end = opened(setup).say(hear(fromServer({}, header('212', 1), get('./a'), alert('1223'))));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'aborted-by-peer' }]);
});
