import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { decodeNotification, defaultNotificationLimits } from '#src/dm/notification/index.js';
import { defaultTriggerSettings } from '#src/gateway/index.js';
import { metLimits } from '../../met-limits.js';
import { declareDevice, deviceId, type GatewayUnderTest, mutual } from '../gateway-under-test.js';
import { FarDevice, until } from '../peers.js';
import { nothing, poll } from './poll.js';
import { openTold } from './told-device.js';
import { openSite } from './trigger-site.js';

const polling = { trigger: { by: 'poll' } as const };
const waits = ({ clock }: GatewayUnderTest, polls = 1) =>
  until(() => clock.pending().filter((name) => name === 'trigger-poll').length === polls);
const readable = (bytes: Uint8Array) => decodeNotification(bytes, defaultNotificationLimits);

test('the poll that waits gets the trigger', async () => {
  const { under, receive } = await openTold(polling);
  const answer = poll(under.url);
  await waits(under);
  await receive('BEE');
  expect(await answer).toMatchObject({ status: 200, contentType: 'application/vnd.syncml.notification' });
  expect(readable((await answer).body).serverId).toBe('postern');
});

test('one that comes later gets it too, and the next one only when it goes again', async () => {
  const { under, receive } = await openTold(polling);
  await receive('BEE');
  const first = await poll(under.url);
  expect(first.status).toBe(200);
  const second = poll(under.url);
  await waits(under);
  under.clock.advance(5_000);
  expect((await second).body).toEqual(first.body);
});

test('after its wait it hears that there is none', async () => {
  const { under } = await openTold(polling);
  const answer = poll(under.url);
  await waits(under);
  under.clock.advance(defaultTriggerSettings.polls.wait);
  expect(await answer).toMatchObject({ status: 204 });
});

test('a new poll of a device ends its older one', async () => {
  const { under, receive } = await openTold(polling);
  const older = poll(under.url);
  await waits(under);
  const newer = poll(under.url);
  expect((await older).status).toBe(204);
  await receive('BEE');
  expect((await newer).status).toBe(200);
});

test('one that comes after the telling is told again, unless it has come meanwhile', async () => {
  const { under, server, receive } = await openTold(polling);
  await receive('BEE');
  expect((await poll(under.url)).status).toBe(200);
  under.clock.advance(600_000);
  expect((await poll(under.url)).status).toBe(200);
  await server.close();
  await new FarDevice(under.url, { serverPassword: 'gateway-password' }).session();
  const answer = poll(under.url);
  await waits(under);
  under.clock.advance(under.settings.retry.cap);
  expect((await answer).status).toBe(204);
  expect((await poll(under.url)).status).toBe(200);
});

test.each([
  ['a wrong password', 'device:guessed'],
  ['a name that nobody has', 'stranger:device-password'],
])('%s is answered with 401, and after some not looked at for a while', async (_what, credentials) => {
  const { under } = await openTold({ ...polling, encrypted: true });
  for (let guess = 0; guess < 5; guess += 1) {
    expect(await poll(under.url, credentials)).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Basic /) });
  }
  expect(await poll(under.url, credentials)).toMatchObject({ status: 503, challenge: undefined, retryAfter: '1' });
  under.clock.advance(1_000);
  expect((await poll(under.url, credentials)).status).toBe(401);
  expect(under.clock.pending()).not.toContain('poll-refused');
});

test('without credentials they are asked for at once', async () => {
  const { under } = await openTold({ ...polling, encrypted: true });
  expect(await poll(under.url, nothing)).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Basic /) });
});

test('a password that may not travel in the clear is refused like a wrong one, and nothing asks for it', async () => {
  const site = await openSite();
  declareDevice(site.under, [site.server], { ...polling, allowPlainHttp: false, south: mutual });
  for (const credentials of ['device:device-password', 'device:guessed', 'device:device-password']) {
    expect(await poll(site.under.url, credentials)).toMatchObject({ status: 403, challenge: undefined });
  }
  for (let more = 0; more < 2; more += 1) await poll(site.under.url, 'device:device-password');
  for (const credentials of ['device:device-password', 'device:guessed']) {
    expect(await poll(site.under.url, credentials)).toMatchObject({ status: 503, retryAfter: '1' });
  }
});

test.each([
  ['with another policy', 'mqtt', 'attached'],
  ['in quarantine', 'poll', 'quarantined'],
] as const)('a device %s has nothing to ask for', async (_what, by, presence) => {
  const { under } = await openTold({ trigger: { by }, encrypted: true });
  under.store.inventory.settlePresence(deviceId, presence);
  expect((await poll(under.url)).status).toBe(401);
});

test('polls that wait are bounded, and one more is told when to come again', async () => {
  const triggers = { ...defaultTriggerSettings, polls: { wait: 55_000, most: 1 } };
  const counters = new Counters();
  const { under } = await openSite({}, { counters, settings: { triggers } });
  declareDevice(under, [], { ...polling, south: mutual });
  const clientSecret = keptSecret('md5', 'other', 'other-password', false);
  declareDevice(under, [], { ...polling, id: 'urn:imei:2', south: { scheme: 'md5', userName: 'other', clientSecret } });
  const first = poll(under.url);
  await waits(under);
  expect(await poll(under.url, 'other:other-password')).toMatchObject({ status: 503, retryAfter: '30' });
  expect(metLimits(counters)).toEqual({ 'triggers.poll.maxWaiting': 1 });
  const again = poll(under.url);
  expect((await first).status).toBe(204);
  await waits(under);
  await under.stop();
  expect((await again).status).toBe(204);
});

test('stopping ends every poll at once and lets no other in', async () => {
  const { under } = await openTold(polling);
  const answer = poll(under.url);
  await waits(under);
  const stopped = under.gateway.stop(60_000);
  expect((await answer).status).toBe(204);
  await stopped;
  expect((await poll(under.url)).status).toBe(503);
});

test('a poll whose device is gone does not swallow a trigger', async () => {
  const { under, receive } = await openTold(polling);
  const gone = new AbortController();
  const asked = under.gateway.pollHandler({
    path: '/dm/trigger',
    authorization: `Basic ${Buffer.from('device:device-password').toString('base64')}`,
    remoteAddress: '127.0.0.1',
    encrypted: true,
    signal: gone.signal,
  });
  await waits(under);
  gone.abort();
  expect((await asked).status).toBe(204);
  await receive('BEE');
  expect((await poll(under.url)).status).toBe(200);
  expect(under.gateway.triggers.tellings()).toMatchObject([{ device: deviceId, by: 'poll', times: 1 }]);
});
