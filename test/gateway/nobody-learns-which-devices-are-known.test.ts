import { expect, test } from 'vitest';
import { keptSecret, type Scheme } from '#src/dm/auth/index.js';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, packageOne } from './peers.js';

const stranger = 'urn:imei:000000000000001';

/** An answer without what is random in every answer, and without the name that it was asked under. */
function shape(message: SyncMLMessage, id: string): string {
  return JSON.stringify(message)
    .replaceAll(id, 'ID')
    .replace(/"NextNonce":"[^"]*"/g, '"NextNonce":"N"')
    .replace(/\/s\/[\w-]{32}/g, '/s/TOKEN');
}

test.each(['md5', 'basic'] as Scheme[])(
  'an unknown device is answered like one with a wrong password, and one with none: %s',
  async (scheme) => {
    const under = await openGateway({ encrypted: true });
    const clientSecret = keptSecret(scheme, 'device', 'device-password', false);
    declareDevice(under, [], { south: { userName: 'device', scheme, clientSecret } });
    for (const password of [undefined, 'wrong']) {
      const shapes: string[] = [];
      for (const id of [deviceId, stranger]) {
        const device = new FarDevice(under.url, { id });
        const cred = password === undefined ? {} : { cred: { scheme, userName: 'device', password, nonce: 'bm9uY2U=' } };
        let url = under.url;
        for (const msgId of ['1', '2', '3', '4']) {
          const reply = await device.post(url, packageOne({ id, url: under.url, msgId, ...cred }));
          expect(reply.status).toBe(200);
          shapes.push(shape(decode(reply.body), id));
          url = decode(reply.body).SyncHdr.RespURI ?? url;
        }
      }
      expect(shapes.slice(4)).toEqual(shapes.slice(0, 4));
    }
    expect(under.gateway.sessions()).toEqual([]);
  },
);

test('a device in another mode is a stranger to proxy mode', async () => {
  const under = await openGateway({ encrypted: true });
  declareDevice(under, [], { mode: 'transparent' });
  expect((await new FarDevice(under.url).session()).reason).toBe('refused-by-peer');
});
