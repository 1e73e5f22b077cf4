import { createHash, timingSafeEqual } from 'node:crypto';
import { digestOf, type Secret } from '../auth/index.js';
import type { ReceivedNotification } from './notification.js';

/** The server that asks, with its secret towards the client (SRVCRED). */
export interface NotificationServer {
  readonly serverId: string;
  readonly secret: Secret;
}

/**
 * The nonces, Base64, of a server that has lost the agreed one: four zero bytes, and the text that some write instead.
 * Whoever has recorded one such notification can repeat it for ever: nothing here accepts them by itself.
 * @see OMA DM Security 1.2 § 5.4.2 (nonce resynchronisation)
 */
export const zeroNonces = {
  bytes: Buffer.alloc(4).toString('base64'),
  text: Buffer.from('0x00000000').toString('base64'),
} as const;

const md5 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * H(B64(H(server-id:password)) ":" nonce ":" B64(H(trigger))), H being MD5; 16 bytes.
 * @param nonce Base64, as NextNonce carries it
 * @see OMA DM Security 1.2 § 5.4
 */
export function notificationDigest({ serverId, secret }: NotificationServer, nonce: string, trigger: Uint8Array): Uint8Array {
  return md5(`${digestOf(secret, serverId)}:`, Buffer.from(nonce, 'base64'), `:${md5(trigger).toString('base64')}`);
}

/**
 * Whether a notification was made by who knows the server's secret, for this nonce. Takes equally long wherever it differs.
 * @param nonce Base64, as NextNonce carried it
 */
export function verifyNotification(received: ReceivedNotification, server: NotificationServer, nonce: string): boolean {
  const expected = notificationDigest(server, nonce, received.trigger);
  return timingSafeEqual(received.digest, expected) && received.serverId === server.serverId;
}
