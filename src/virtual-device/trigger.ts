import { readNotification, verifyNotification } from '#src/dm/notification/index.js';
import type { DmAccount } from '#src/dm/objects/index.js';

/** What a trigger (Package#0) comes to: its session is opened, or it is ignored and the reason told. */
export type TriggerVerdict =
  | { readonly kind: 'proved'; readonly sessionId: string; readonly key: string }
  | { readonly kind: 'ignored'; readonly why: string };

/**
 * Whether the device's server has sent a trigger, and for the nonce that it has from the device now.
 * @param answered the `key` of the last one that had its session: where nonces stay the same it could come again
 * @see OMA DM Notification 1.2 § 5.2
 */
export function judgeTrigger(bytes: Uint8Array, { serverId, server }: DmAccount, answered?: string): TriggerVerdict {
  const received = readNotification(bytes);
  if (received === undefined) return ignored('it is no Package#0');
  if (server === undefined) return ignored('the account has no password of the server, so nothing could prove it');
  const nonce = server.nonce ?? '';
  const isProved = verifyNotification(received, { serverId, secret: { kind: 'password', value: server.secret } }, nonce);
  if (!isProved) return ignored('it is forged, or made for a nonce that was replaced');
  const key = `${nonce} ${received.sessionId}`;
  return key === answered ? ignored('it has had its session') : { kind: 'proved', sessionId: received.sessionId, key };
}

function ignored(why: string): TriggerVerdict {
  return { kind: 'ignored', why };
}
