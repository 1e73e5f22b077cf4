import { expect, test } from 'vitest';
import { demands, fromServer, get, header, hear, opened, outline, sent, server } from '../session/messages.js';

test('where there is no room for every Status, the one for the header stands for all', () => {
  const many = Array.from({ length: 30 }, () => get('./b'));
  const challenged = opened({ serverAuth: demands('basic', server) }).say(
    hear(fromServer({ maxMsgSize: 1000 }, header('200', 1), ...many)),
  );
  expect(outline(sent(challenged))).toEqual(['Status 407 1/0 challenged', 'Final']);
});
