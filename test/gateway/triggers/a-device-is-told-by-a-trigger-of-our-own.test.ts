import { expect, test } from 'vitest';
import { decodeNotification, defaultNotificationLimits, verifyNotification } from '#src/dm/notification/index.js';
import { declareDevice, deviceId, mutual } from '../gateway-under-test.js';
import { FarDevice, until } from '../peers.js';
import { openTold } from './told-device.js';
import { openSite } from './trigger-site.js';

test("to its inventoried address, under the gateway's server id and with the gateway's secret and nonce towards it", async () => {
  const { under, sent, receive } = await openTold();
  under.store.nonces.put(`south/${deviceId}`, 'server', Buffer.from('Nonce').toString('base64'));
  await receive('BEE');
  expect(sent).toMatchObject([{ address: '192.0.2.7', port: 4000 }]);
  const received = decodeNotification(sent[0]?.bytes ?? new Uint8Array(), defaultNotificationLimits);
  expect(received.serverId).toBe(under.settings.serverId);
  const secret = mutual.serverSecret ?? expect.fail('there is one');
  expect(verifyNotification(received, { serverId: 'postern', secret }, Buffer.from('Nonce').toString('base64'))).toBe(true);
});

test('again, the same, until it has come', async () => {
  const { under, sent, receive } = await openTold();
  await receive('BEE');
  await receive('BEE');
  expect(sent).toHaveLength(1);
  under.clock.advance(5_000);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.bytes).toEqual(sent[0]?.bytes);
  expect(under.gateway.triggers.tellings()).toMatchObject([{ device: deviceId, by: 'udp', times: 2 }]);
  await new FarDevice(under.url, { serverPassword: 'gateway-password' }).session();
  await until(() => under.gateway.triggers.list().length === 0);
  under.clock.advance(600_000);
  expect(sent).toHaveLength(2);
});

test('its session ends the telling, also where the server could not be reached then', async () => {
  const { under, server, sent, receive } = await openTold();
  await receive('BEE');
  await server.close();
  await new FarDevice(under.url, { serverPassword: 'gateway-password' }).session();
  expect(under.gateway.triggers.list()).toHaveLength(1);
  expect(under.gateway.triggers.tellings()).toEqual([]);
  under.clock.advance(600_000);
  expect(sent).toHaveLength(1);
});

test('no more when its server has lost the account', async () => {
  const { under, server, sent, receive, presence } = await openTold();
  await receive('BEE');
  under.store.accounts.remove(deviceId, server.serverId);
  under.clock.advance(600_000);
  expect([sent.length, presence()]).toEqual([1, 'attached']);
});

test('four times, and one that has not come by then is unreachable', async () => {
  const { under, sent, receive, presence } = await openTold();
  await receive('BEE');
  under.clock.advance(274_999);
  expect(sent).toHaveLength(4);
  expect(presence()).toBe('attached');
  under.clock.advance(1);
  expect(presence()).toBe('unreachable');
  under.clock.advance(600_000);
  expect(sent).toHaveLength(4);
});

test('by the broker, which repeats by itself: once, in the place of an earlier one', async () => {
  const { under, sent, published, receive, presence } = await openTold({ trigger: { by: 'mqtt' } });
  await receive('BEE');
  expect(published).toMatchObject([{ device: deviceId, leaf: 'trigger', options: { replace: true } }]);
  expect(decodeNotification(published[0]?.payload ?? new Uint8Array(), defaultNotificationLimits).serverId).toBe('postern');
  under.clock.advance(600_000);
  expect([published.length, sent.length, presence()]).toEqual([1, 0, 'unreachable']);
});

test('without a broker it is not told, and the log says what to do', async () => {
  const site = await openSite();
  declareDevice(site.under, [site.server], { polling: 'never', south: mutual, trigger: { by: 'mqtt' } });
  await site.under.gateway.triggers.receive(deviceId, site.trigger('BEE', deviceId), 'mqtt');
  expect(site.under.gateway.triggers.tellings()).toEqual([]);
  expect(site.under.log).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('there is no broker') }));
});

test('not one without a policy, one that has nothing to know us by, one whose address nobody knows, and none in quarantine', async () => {
  const { serverSecret: _, ...trusting } = mutual;
  const silent = await openTold({ trigger: undefined });
  const unproved = await openTold({ south: trusting });
  const nowhere = await openTold({ address: undefined });
  const quarantined = await openTold();
  quarantined.under.store.inventory.settlePresence(deviceId, 'quarantined');
  for (const told of [silent, unproved, nowhere, quarantined]) {
    expect((await told.receive('BEE')).kind).toBe('accepted');
    expect([told.sent, told.under.gateway.triggers.tellings()]).toEqual([[], []]);
  }
});
