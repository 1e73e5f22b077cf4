import { expect, test } from 'vitest';
import type { PendingTrigger } from '#src/gateway/index.js';
import { account, device, openStore, temporaryDirectory } from './store-fixture.js';

const pending: PendingTrigger = {
  owner: device.id,
  serverId: account.serverId,
  nonce: 'b2xk',
  sessionId: 'A1B',
  uiMode: 'background',
  initiator: 'server',
  carrier: 'mqtt',
  receivedAt: 1_000,
};

function open() {
  const { triggers } = openStore(temporaryDirectory());
  triggers.add(pending);
  return triggers;
}

test('it is used under its own nonce, and pending no more', () => {
  const triggers = open();
  triggers.use(pending);
  expect([triggers.state(pending), triggers.state({ ...pending, nonce: 'bmV3' }), triggers.count()]).toEqual(['used', undefined, 0]);
});

test('it is forgotten when another nonce has taken the place of its own', () => {
  const triggers = open();
  triggers.use(pending);
  triggers.forgetUsed(device.id, account.serverId, pending.nonce);
  expect(triggers.state(pending)).toBe('used');
  triggers.forgetUsed(device.id, account.serverId, 'bmV3');
  expect(triggers.state(pending)).toBeUndefined();
});

test('what is pending outlives its nonce, and expires by its age', () => {
  const triggers = open();
  triggers.forgetUsed(device.id, account.serverId, 'bmV3');
  expect(triggers.pending()).toEqual([pending]);
  expect([triggers.expire(1_000), triggers.expire(1_001), triggers.count()]).toEqual([0, 1, 0]);
});
