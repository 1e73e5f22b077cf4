import { expect, test } from 'vitest';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { contentType, FarDevice, packageOne } from './peers.js';

async function post(url: string, body: Uint8Array | string): Promise<void> {
  await (await fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body: Buffer.from(body) })).arrayBuffer();
}

test('messages that cannot be read, and such as nobody let come over plain http', async () => {
  const { url, log, clock } = await openGateway();
  const stranger = packageOne({ id: 'urn:imei:1', url });
  for (let times = 0; times < 5; times += 1) {
    await post(url, '<SyncML');
    await post(url, stranger);
  }
  const refusals = () => log.filter(({ message }) => /refused/.test(message)).map(({ fields }) => fields);
  expect(refusals()).toMatchObject([{ code: 'syncml.truncated' }, { device: 'urn:imei:1' }]);
  clock.advance(60_000);
  const source = '127.0.0.1';
  expect(refusals().slice(2)).toEqual([
    { reason: 'syncml.truncated', source, suppressed: 4 },
    { reason: 'plain-http', source, suppressed: 4 },
  ]);
});

test('credentials that come over plain http by leave, for each device', async () => {
  const under = await openGateway();
  declareDevice(under, []);
  declareDevice(under, [], { id: 'urn:imei:2' });
  for (const id of [deviceId, deviceId, deviceId, 'urn:imei:2']) await new FarDevice(under.url, { id }).session();
  const shown = () => under.log.filter(({ message }) => /shows its credentials over plain http/.test(message)).map(({ fields }) => fields);
  expect(shown()).toEqual([{ device: deviceId }, { device: 'urn:imei:2' }]);
  under.clock.advance(60_000);
  expect(shown().slice(2)).toEqual([{ reason: 'shown-in-plain', source: deviceId, suppressed: 2 }]);
});
