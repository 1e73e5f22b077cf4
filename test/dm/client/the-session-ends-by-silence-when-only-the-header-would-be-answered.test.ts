import { expect, test } from 'vitest';
import { fromServer, header, hear, opened, status } from '../session/messages.js';

test.each([
  { what: 'nothing but statuses', message: fromServer({}, header('212', 1), status('200', 1, '1')) },
  { what: 'an empty body', message: fromServer({}) },
])('$what: nothing is sent', ({ message }) => {
  expect(opened().say(hear(message)).effects).toEqual([{ kind: 'end', reason: 'complete' }]);
});
