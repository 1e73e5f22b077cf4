import { expect, test } from 'vitest';
import { ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { defaultTriggerSettings, Triggers } from '#src/gateway/triggers/triggers.js';
import { accountAt, declareDevice, deviceId } from '../gateway-under-test.js';
import { openSite } from './trigger-site.js';

test('beyond it none is taken, whoever it is for', async () => {
  const { under, server, trigger } = await openSite();
  const { store } = under;
  declareDevice(under, [server]);
  declareDevice(under, [], { id: 'urn:imei:2' });
  store.accounts.declare(accountAt(server, 'urn:imei:2'));
  const settings = { ...under.settings, triggers: { ...defaultTriggerSettings, maxAge: 60_000, total: 2 } };
  const outside = { store, settings, clock: new ManualClock(), entropy: systemEntropy, log: silentLog };
  const clients = { session: () => expect.fail('nobody is called'), close: () => {} };
  const triggers = new Triggers({ env: { ...outside, clients }, wanted: () => {} });
  expect((await triggers.receive(deviceId, trigger('1', deviceId), 'udp')).kind).toBe('accepted');
  expect((await triggers.receive('urn:imei:2', trigger('1', 'urn:imei:2'), 'udp')).kind).toBe('accepted');
  expect(await triggers.receive('urn:imei:2', trigger('2', 'urn:imei:2'), 'udp')).toEqual({ kind: 'refused', why: 'too-many' });
});
