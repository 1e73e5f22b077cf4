import { expect, test } from 'vitest';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, packageOne } from './peers.js';

test('a device without allowPlainHttp is refused, and so is a stranger', async () => {
  const under = await openGateway();
  declareDevice(under, [], { allowPlainHttp: false });
  for (const id of [deviceId, 'urn:imei:1']) {
    const reply = await new FarDevice(under.url).post(under.url, packageOne({ id, url: under.url }));
    expect(reply.status).toBe(403);
    expect(reply.body).toHaveLength(0);
  }
  expect(under.log.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { device: deviceId } }]);
});

test('nor may it go on over plain http in a session that began over TLS', async () => {
  const under = await openGateway({ encrypted: true });
  declareDevice(under, [], { allowPlainHttp: false });
  const device = new FarDevice(under.url);
  const first = await device.post(under.url, packageOne({ id: deviceId, url: under.url }));
  const path = new URL(decode(first.body).SyncHdr.RespURI ?? '').pathname;
  const last = under.requests.at(-1);
  if (last === undefined) throw new Error('nothing came');
  const body = packageOne({ id: deviceId, url: under.url, msgId: '2' });
  expect((await under.gateway.handler({ ...last, path, body, encrypted: false })).status).toBe(403);
});

test('where it is allowed the log says so, and the device is told the address for plain http', async () => {
  const under = await openGateway({ settings: { southPlainUrl: () => 'http://192.0.2.1:8080' } });
  declareDevice(under);
  const reply = await new FarDevice(under.url).post(under.url, packageOne({ id: deviceId, url: under.url }));
  expect(decode(reply.body).SyncHdr.RespURI).toMatch(/^http:\/\/192\.0\.2\.1:8080\/dm\/s\/[\w-]{32}$/);
  expect(under.log.some(({ message, level }) => level === 'warn' && message.includes('plain http'))).toBe(true);
});
