import { expect, test } from 'vitest';
import { get } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer, packageOne } from './peers.js';

test('strangers push out strangers, never a device', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway({ settings: { maxSessions: 8 }, encrypted: true });
  declareDevice(under, [server]);
  const device: FarDevice = new FarDevice(under.url, {
    instead: async () => {
      for (let at = 0; at < 20; at += 1) await device.post(under.url, packageOne({ id: `urn:imei:${at}`, url: under.url }));
      expect(
        under.gateway
          .sessions()
          .filter(({ leg, device: whose }) => leg === 'south' && whose !== deviceId)
          .map(({ device: whose }) => whose),
      ).toEqual(['urn:imei:18', 'urn:imei:19']);
      return undefined;
    },
  });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
});

test('where devices have taken all there are, the next gets 503', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')], [get('h', './DevInfo/Man')]] });
  const under = await openGateway({ settings: { maxSessions: 1 } });
  declareDevice(under, [server]);
  declareDevice(under, [server], { id: 'urn:imei:2' });
  await new FarDevice(under.url, { instead: () => 'vanish' }).session();
  const late = new FarDevice(under.url, { id: 'urn:imei:2' });
  expect(await late.session()).toMatchObject({ reason: 'silence', detail: 'HTTP 503' });
  expect(late.exchanges[0]?.reply.headers['retry-after']).toBe('30');
});

test('a gateway that stops lets nobody in', async () => {
  const under = await openGateway();
  declareDevice(under);
  await under.gateway.stop(0);
  expect(await new FarDevice(under.url).session()).toMatchObject({ detail: 'HTTP 503' });
});
