import { expect, test } from 'vitest';
import { credOf, demands, fromServer, genericAlert, get, header, hear, kinds, opened, server, status } from '../session/messages.js';

const setup = { serverAuth: demands('basic', server) };
const statuses = [header('212', 1), status('200', 1, '3', { Cmd: 'Alert' })];

test('a server without proof settles nothing', () => {
  const end = opened(setup, genericAlert('a')).say(hear(fromServer({}, ...statuses)));
  expect(end.effects).toEqual([{ kind: 'end', reason: 'complete' }]);
});

test('what it said counts once it has proved itself', () => {
  const challenged = opened(setup, genericAlert('a')).say(hear(fromServer({}, ...statuses, get('./a'))));
  expect(kinds(challenged)).toEqual(['send']);
  const proven = challenged.say(hear(fromServer({ msgId: 2, cred: credOf('basic', server) }, header('200', 2), get('./a'))));
  expect(proven.effects).toMatchObject([{ kind: 'alert-status', ref: 'a', status: '200' }, { kind: 'execute' }]);
});
