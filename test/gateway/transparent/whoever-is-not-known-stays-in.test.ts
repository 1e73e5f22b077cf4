import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { declareDevice, deviceId, type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { contentType, decode, FarDevice, packageOne } from '../peers.js';

const address = '192.168.1.20';

async function withDevice(more: Parameters<typeof declareDevice>[2] = {}): Promise<GatewayUnderTest> {
  const settings = { transparent: { allow: [], addresses: new Map([[address, deviceId]]) } };
  const under = await openGateway({ settings });
  declareDevice(under, [], { mode: 'transparent', ...more });
  return under;
}

function shown(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function identify(under: GatewayUnderTest, authorization?: string, from = '192.168.1.7', encrypted = false) {
  return under.gateway.gatekeeper.identify({ address: from, encrypted, ...(authorization === undefined ? {} : { authorization }) });
}

test.each(['md5', 'basic'] as const)('the password of its southern credentials makes a device known: %s', async (scheme) => {
  const south = { scheme, userName: 'device', clientSecret: keptSecret(scheme, 'device', 'device-password', false) };
  const under = await withDevice({ south });
  expect(identify(under, shown('device:device-password'))).toBe(deviceId);
  expect(identify(under, shown('device:device-password').replace('Basic', 'basic'))).toBe(deviceId);
});

test('a DevId is a user name in spite of its colons', async () => {
  const south = { scheme: 'md5', userName: deviceId, clientSecret: keptSecret('md5', deviceId, 'pass:word', false) } as const;
  const under = await withDevice({ south });
  expect(identify(under, shown(`${deviceId}:pass:word`))).toBe(deviceId);
  expect(identify(under, shown(`${deviceId}:pass`))).toBeUndefined();
});

test.each([
  ['nothing', undefined],
  ['a wrong password', shown('device:other')],
  ['an empty password', shown('device:')],
  ['another name', shown('stranger:device-password')],
  ['no password', shown('device')],
  ['another scheme', `Bearer ${Buffer.from('device:device-password').toString('base64')}`],
  ['no Base64', 'Basic device:device-password'],
  ['more than anybody has', shown(`device:${'x'.repeat(2_000)}`)],
  ['nothing but colons', shown(':'.repeat(500))],
])('%s makes nobody known', async (_what, authorization) => {
  expect(identify(await withDevice(), authorization)).toBeUndefined();
});

test('a device in proxy mode has nothing to do outside', async () => {
  expect(identify(await withDevice({ mode: 'proxy' }), shown('device:device-password'))).toBeUndefined();
  expect(identify(await withDevice({ mode: 'proxy' }), undefined, address)).toBeUndefined();
});

test('the address is proof only where the configuration says so, and wrong credentials undo it', async () => {
  const under = await withDevice();
  expect(identify(under, undefined, address)).toBe(deviceId);
  expect(identify(under, shown('device:other'), address)).toBeUndefined();
  await under.gateway.gatekeeper.contact(deviceId, '192.168.1.99');
  expect(under.store.inventory.get(deviceId)?.facts.address).toBe('192.168.1.99');
  expect(identify(under, undefined, '192.168.1.99')).toBeUndefined();
});

test('a flood of wrong passwords is told once a minute', async () => {
  const under = await withDevice();
  for (let times = 0; times < 5; times += 1) identify(under, shown('device:other'));
  const told = () => under.log.filter(({ message }) => message.includes('prove nobody'));
  expect(told()).toHaveLength(1);
  under.clock.advance(60_000);
  expect(told().slice(1)).toMatchObject([{ fields: { source: '192.168.1.7', suppressed: 4 } }]);
});

test('a password over plain http needs leave', async () => {
  const under = await withDevice({ allowPlainHttp: false });
  expect(identify(under, shown('device:device-password'))).toBeUndefined();
  expect(under.log).toContainEqual(expect.objectContaining({ message: expect.stringContaining('allowPlainHttp') }));
  expect(identify(under, shown('device:device-password'), '192.168.1.7', true)).toBe(deviceId);
});

test('a device that is removed is unknown at once, one that is new under another name known at once', async () => {
  const under = await openGateway();
  expect(identify(under, shown('device:device-password'))).toBeUndefined();
  declareDevice(under, [], { mode: 'transparent' });
  expect(identify(under, shown('device:device-password'))).toBe(deviceId);
  under.gateway.forget(deviceId);
  expect(identify(under, shown('device:device-password'))).toBeUndefined();
});

test('whoever was wrong five times is not looked at from there for a while, a device elsewhere or of another name is', async () => {
  const counters = new Counters();
  const under = await openGateway({ counters });
  declareDevice(under, [], { mode: 'transparent' });
  const clientSecret = keptSecret('md5', 'other', 'other-password', false);
  declareDevice(under, [], { id: 'urn:imei:2', mode: 'transparent', south: { scheme: 'md5', userName: 'other', clientSecret } });
  for (const name of ['device', 'nobody']) {
    for (let guess = 0; guess < 5; guess += 1) expect(identify(under, shown(`${name}:guess`))).toBeUndefined();
    expect(identify(under, shown(`${name}:device-password`))).toEqual({ wait: 1_000 });
  }
  expect(identify(under, shown('device:device-password'), '192.168.1.8')).toBe(deviceId);
  expect(identify(under, shown('other:other-password'))).toBe('urn:imei:2');
  expect(counters.samples('postern_logins_refused_total')).toEqual([
    { labels: { door: 'proxy', outcome: 'unproved' }, value: 10 },
    { labels: { door: 'proxy', outcome: 'delayed' }, value: 2 },
  ]);
  under.clock.advance(1_000);
  expect(identify(under, shown('device:device-password'))).toBe(deviceId);
});

test('its sessions at our own endpoint are a stranger’s', async () => {
  const under = await withDevice();
  const device = new FarDevice(under.url);
  const reply = await device.post(under.url, packageOne({ id: deviceId, url: under.url }), contentType);
  expect(reply.status).toBe(403);
  const encrypted = await openGateway({ encrypted: true });
  declareDevice(encrypted, [], { mode: 'transparent' });
  const answer = await device.post(encrypted.url, packageOne({ id: deviceId, url: encrypted.url }), contentType);
  expect(JSON.stringify(decode(answer.body))).toContain('"407"');
  const tried = new FarDevice(encrypted.url);
  expect(await tried.session()).toMatchObject({ reason: 'refused-by-peer' });
  expect(encrypted.store.inventory.get(deviceId)?.lastContact).toBeUndefined();
});
