import { expect, test } from 'vitest';
import {
  chal,
  device,
  fromServer,
  genericAlert,
  get,
  header,
  hear,
  kinds,
  opened,
  proves,
  sent,
  status,
  statusReply,
} from '../session/messages.js';

const of = (code: string, msgRef: number, cmdRef: string) => status(code, msgRef, cmdRef, { Cmd: 'Alert' });
const told = (ref: string, code: string) => ({ kind: 'alert-status', ref, status: code });

test('the statuses of alerts come back under their refs', () => {
  const two = fromServer({}, header('212', 1), of('200', 1, '3'), get('./a'));
  const first = opened({}, genericAlert('a'), genericAlert('b')).say(hear(two));
  expect(first.effects[0]).toEqual(told('a', '200'));
  const three = first.say({ kind: 'executed', replies: [statusReply('3')], alerts: [genericAlert('c')] });
  const four = fromServer({ msgId: 2 }, header('200', 2), of('202', 1, '4'), of('500', 2, '3'), of('200', 1, '3'), of('200', 9, '9'));
  expect(three.say(hear(four)).effects).toEqual([told('b', '202'), told('c', '500'), { kind: 'end', reason: 'complete' }]);
});

test('the statuses of a challenge settle nothing, those after it do', () => {
  const refused = fromServer({}, header('401', 1, chal('basic')), of('401', 1, '3'));
  const again = opened({ ownAuth: proves('basic', device) }, genericAlert('a')).say(hear(refused));
  expect(kinds(again)).toEqual(['send']);
  const cmdId =
    sent(again).SyncBody.commands.find(({ name, ...rest }) => name === 'Alert' && 'Data' in rest && rest.Data === '1226')?.CmdID ?? '';
  expect(again.say(hear(fromServer({ msgId: 2 }, header('212', 2), of('200', 2, cmdId)))).effects[0]).toEqual(told('a', '200'));
});

test('an alert that was said again is settled once', () => {
  const refused = fromServer({}, header('401', 1, chal('basic')));
  const again = opened({ ownAuth: proves('basic', device) }, genericAlert('a')).say(hear(refused));
  const both = fromServer({ msgId: 2 }, header('212', 2), of('200', 1, '3'), of('200', 2, '4'));
  expect(again.say(hear(both)).effects).toEqual([told('a', '200'), { kind: 'end', reason: 'complete' }]);
});
