import { expect, test } from 'vitest';
import { get } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, FarServer, packageOne } from './peers.js';

const cred = { scheme: 'md5', userName: 'device', password: 'device-password' } as const;

test('package 1 with credentials that were used before is challenged', async () => {
  const server = await FarServer.open({ batches: [[], [get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  const used = device.nonces.get('client') ?? '';
  const recorded = packageOne({ id: deviceId, url: under.url, sessionId: '7', cred: { ...cred, nonce: used } });
  expect(decode((await device.post(under.url, recorded)).body).SyncBody.commands[0]).toMatchObject({ Data: '212' });
  expect(under.store.nonces.get(`south/${deviceId}`, 'client')).not.toBe(used);
  under.clock.advance(under.settings.repeatWindow + 1);
  // The session it opened is still there, so the same bytes must come with another name.
  const replayed = packageOne({ id: deviceId, url: under.url, sessionId: '8', cred: { ...cred, nonce: used } });
  expect(decode((await device.post(under.url, replayed)).body).SyncBody.commands[0]).toMatchObject({ Data: '401' });
});

test('the next nonce is durable before the answer that hands it over leaves', async () => {
  const under = await openGateway();
  declareDevice(under);
  const device = new FarDevice(under.url);
  await device.session();
  await under.kill();
  const again = await openGateway({ directory: under.directory });
  const { nonces } = device;
  const second = new FarDevice(again.url);
  for (const [whose, nonce] of nonces) second.nonces.set(whose, nonce);
  await second.session();
  expect(second.sent[0]?.SyncHdr.Cred).toBeDefined();
  expect(second.received[0]?.SyncBody.commands[0]).toMatchObject({ Data: '212' });
});

test('a challenge costs no write', async () => {
  const under = await openGateway();
  declareDevice(under);
  await under.store.committed();
  const before = under.store.commits;
  const device = new FarDevice(under.url);
  for (let at = 0; at < 5; at += 1) {
    await device.post(under.url, packageOne({ id: deviceId, url: under.url, sessionId: String(at) }));
    await device.post(under.url, packageOne({ id: `urn:imei:${at}`, url: under.url, cred: { ...cred, nonce: 'eA==' } }));
  }
  expect(under.store.commits).toBe(before);
});
