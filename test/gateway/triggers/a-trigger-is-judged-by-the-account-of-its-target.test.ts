import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { accountAt, declareDevice, deviceId } from '../gateway-under-test.js';
import { FarDevice, until } from '../peers.js';
import { openings, openSite } from './trigger-site.js';

const why = (verdict: unknown) => (verdict as { why?: string }).why ?? (verdict as { kind: string }).kind;

test('a server that the target has no account at', async () => {
  const { under, trigger } = await openSite();
  declareDevice(under);
  expect(why(await under.gateway.triggers.receive(deviceId, trigger('1'), 'mqtt'))).toBe('unknown-server');
});

test('a target that nobody knows', async () => {
  const { under, trigger } = await openSite();
  expect(why(await under.gateway.triggers.receive('urn:imei:1', trigger('1'), 'mqtt'))).toBe('unknown-target');
});

test('an account at which the server has no password', async () => {
  const { under, server, trigger } = await openSite();
  const { serverSecret: _, ...account } = accountAt(server, gatewayOwner);
  under.store.accounts.declare(account);
  expect(why(await under.gateway.triggers.receive(gatewayOwner, trigger('1'), 'mqtt'))).toBe('no-secret');
});

test('a trigger for one target is none for another, whose password differs', async () => {
  const { under, server, trigger } = await openSite();
  declareDevice(under);
  const serverSecret = keptSecret('md5', server.serverId, 'for-this-device', false);
  under.store.accounts.declare(accountAt(server, deviceId, { serverSecret }));
  expect(why(await under.gateway.triggers.receive(deviceId, trigger('1'), 'mqtt'))).toBe('not-proved');
});

test('bytes that are no notification', async () => {
  const { under } = await openSite();
  expect(why(await under.gateway.triggers.receive(gatewayOwner, Buffer.from('hello'), 'udp'))).toBe('malformed');
});

test("a device's trigger waits for the device, whose next session then opens that server's with 1200", async () => {
  const { under, server, trigger } = await openSite();
  declareDevice(under, [server], { polling: 'never' });
  expect(why(await under.gateway.triggers.receive(deviceId, trigger('BEE', deviceId), 'mqtt'))).toBe('accepted');
  expect(server.requests).toBe(0);
  await new FarDevice(under.url).session();
  await until(() => under.gateway.triggers.list().length === 0);
  expect(openings(server)[0]).toBe('1200 BEE');
  const before = server.requests;
  await new FarDevice(under.url, { sessionId: '9' }).session();
  expect(server.requests).toBe(before);
});
