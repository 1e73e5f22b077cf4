import { expect, test } from 'vitest';
import { decodeNotification, defaultNotificationLimits, verifyNotification } from '#src/dm/notification/index.js';
import { declareDevice, deviceId, mutual } from '../gateway-under-test.js';
import { FarDevice, until } from '../peers.js';
import { openSite } from './trigger-site.js';

async function openTold({ ports = [4000], south = mutual } = {}) {
  const sent: { address: string; port: number; bytes: Uint8Array }[] = [];
  const send = (address: string, to: number, bytes: Uint8Array) => void sent.push({ address, port: to, bytes });
  const site = await openSite({}, { southTriggers: { port: () => ports[0], send } });
  declareDevice(site.under, [site.server], { polling: 'never', south });
  site.under.store.inventory.recordContact(deviceId, { address: '192.0.2.7' }, site.under.clock.now());
  const receive = (sessionId: string) => site.under.gateway.triggers.receive(deviceId, site.trigger(sessionId, deviceId), 'mqtt');
  return { ...site, sent, receive };
}

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
  await new FarDevice(under.url, { serverPassword: 'gateway-password' }).session();
  await until(() => under.gateway.triggers.list().length === 0);
  under.clock.advance(200_000);
  expect(sent).toHaveLength(2);
});

test('not more than four times for one that does not come', async () => {
  const { under, sent, receive } = await openTold();
  await receive('BEE');
  under.clock.advance(600_000);
  expect(sent).toHaveLength(4);
});

test('not one whose policy says so, and not one that has nothing to know us by', async () => {
  const silent = await openTold({ ports: [] });
  const { serverSecret: _, ...trusting } = mutual;
  const unproved = await openTold({ south: trusting });
  expect((await unproved.receive('BEE')).kind).toBe('accepted');
  expect((await silent.receive('BEE')).kind).toBe('accepted');
  expect(unproved.sent).toEqual([]);
  expect(silent.sent).toEqual([]);
});
