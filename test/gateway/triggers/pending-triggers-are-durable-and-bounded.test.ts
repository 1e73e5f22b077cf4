import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { defaultTriggerSettings, gatewayOwner } from '#src/gateway/index.js';
import { metLimits } from '../../met-limits.js';
import { openStore } from '../../store/store-fixture.js';
import { accountAt, declareDevice, deviceId } from '../gateway-under-test.js';
import { until } from '../peers.js';
import { openSite } from './trigger-site.js';

test('what was accepted is there after a crash', async () => {
  const { under, server, trigger } = await openSite();
  await server.close();
  await under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt');
  await until(() => under.clock.pending().includes('departures'));
  const { directory } = under;
  await under.kill();
  expect(openStore(directory).triggers.pending()).toMatchObject([{ owner: gatewayOwner, sessionId: 'A1B' }]);
});

test('nothing is accepted before it is durable', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { under, server, trigger } = await openSite({}, { beforeCommit: () => held });
  let said = false;
  const verdict = under.gateway.triggers.receive(gatewayOwner, trigger('A1B'), 'mqtt').then((one) => {
    said = true;
    return one;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([said, server.requests]).toEqual([false, 0]);
  release();
  expect(await verdict).toEqual({ kind: 'accepted' });
});

test('one account has at most so many', async () => {
  const { under, server, trigger } = await openSite();
  declareDevice(under, [server]);
  const { perAccount } = defaultTriggerSettings;
  for (let id = 1; id <= perAccount; id += 1) {
    expect((await under.gateway.triggers.receive(deviceId, trigger(`${id}`, deviceId), 'udp')).kind).toBe('accepted');
  }
  expect(await under.gateway.triggers.receive(deviceId, trigger('FF', deviceId), 'udp')).toEqual({ kind: 'refused', why: 'too-many' });
  expect(await under.gateway.triggers.receive(deviceId, trigger('1', deviceId), 'udp')).toEqual({ kind: 'joined' });
});

test('what is too old is given up, and makes room', async () => {
  const counters = new Counters();
  const { under, server, trigger } = await openSite({}, { counters });
  declareDevice(under, [server]);
  const { perAccount, maxAge } = defaultTriggerSettings;
  for (let id = 1; id <= perAccount; id += 1) await under.gateway.triggers.receive(deviceId, trigger(`${id}`, deviceId), 'udp');
  under.clock.advance(maxAge + 1);
  expect(under.gateway.triggers.list()).toEqual([]);
  expect(under.gateway.triggers.sessionId(deviceId, server.serverId)).toBeUndefined();
  expect((await under.gateway.triggers.receive(deviceId, trigger('FF', deviceId), 'udp')).kind).toBe('accepted');
  expect(under.store.triggers.count()).toBe(1);
  expect(metLimits(counters)).toEqual({ 'triggers.limits.age': perAccount });
});

test('they go with their account, and with their device', async () => {
  const { under, server, trigger } = await openSite();
  declareDevice(under, [server]);
  await under.gateway.triggers.receive(deviceId, trigger('1', deviceId), 'udp');
  under.store.accounts.remove(deviceId, server.serverId);
  expect(under.store.triggers.pending()).toEqual([]);
  under.store.accounts.declare(accountAt(server, deviceId));
  await under.gateway.triggers.receive(deviceId, trigger('2', deviceId), 'udp');
  under.store.inventory.remove(deviceId);
  expect(under.store.triggers.pending()).toEqual([]);
});
