import { expect, test } from 'vitest';
import { answer, dmServer, get, hear, outline, packageOne, replace, sent } from '../session/messages.js';

test('commands are not for a client to send', () => {
  const add = { ...replace('./a', '1'), name: 'Add' as const };
  const end = dmServer()
    .say(hear(packageOne({}, add, get('./b'))))
    .say(answer());
  expect(outline(sent(end))).toEqual(['Status 200 1/0', 'Status 200 1/1', 'Status 200 1/2', 'Status 405 1/3', 'Status 405 1/4', 'Final']);
});
