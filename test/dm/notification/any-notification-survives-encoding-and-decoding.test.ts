import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeNotification, type Notification, verifyNotification, wrapPush } from '#src/dm/notification/index.js';
import { decode } from './sample.js';

const notification: fc.Arbitrary<Notification> = fc
  .record({
    uiMode: fc.constantFrom('not-specified', 'background', 'informative', 'user-interaction'),
    initiator: fc.constantFrom('client', 'server'),
    sessionId: fc.integer({ min: 1, max: 0xffff }).map((id) => id.toString(16).toUpperCase()),
    serverId: fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }).filter((id) => Buffer.byteLength(id) <= 255),
    vendor: fc.uint8Array({ maxLength: 64 }),
  })
  .map(({ vendor, ...rest }): Notification => (vendor.length === 0 ? rest : { ...rest, vendor }));
const nonces = fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('base64'));

test('1000 notifications, bare and framed', () => {
  fc.assert(
    fc.property(notification, nonces, fc.string(), fc.nat({ max: 255 }), (sent, nonce, password, transaction) => {
      const secret = { kind: 'password', value: password } as const;
      const bytes = encodeNotification(sent, secret, nonce);
      const framed = decode(wrapPush(bytes, transaction));
      const { version, digest, trigger, isFramed, vendor, ...read } = decode(bytes);
      expect({ ...read, ...(vendor === undefined ? {} : { vendor: Uint8Array.from(vendor) }) }).toEqual(sent);
      expect([version, digest.length, trigger.length, isFramed]).toEqual([11, 16, bytes.length - 16, false]);
      expect(framed.isFramed).toBe(true);
      for (const one of [decode(bytes), framed]) expect(verifyNotification(one, { serverId: sent.serverId, secret }, nonce)).toBe(true);
    }),
    { numRuns: 1000, seed: 20_261_121 },
  );
});
