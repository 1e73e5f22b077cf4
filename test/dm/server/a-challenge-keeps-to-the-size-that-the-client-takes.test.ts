import { expect, test } from 'vitest';
import { demands, device, dmServer, ending, get, hear, outline, packageOne, sent } from '../session/messages.js';

test('where there is no room for every Status, the one for the header stands for all', () => {
  const many = Array.from({ length: 30 }, () => get('./b'));
  const two = dmServer({ clientAuth: demands('basic', device) }).say(hear(packageOne({ maxMsgSize: 1000 }, ...many)));
  expect(outline(sent(two))).toEqual(['Status 407 1/0 challenged', 'Final']);
  expect(ending(two)).toBeUndefined();
});
