import { PosternError } from '#src/base/index.js';
import { type NotificationServer, notificationDigest } from './digest.js';
import { initiatorShift, serverIdAt, serverIdLengthAt, sessionIdAt, triggerAt, uiModeShift, version, versionShift } from './layout.js';
import { initiators, type Notification, uiModes } from './notification.js';

const longestServerId = 255;

/**
 * Writes a notification with its digest, bare.
 * @param nonce Base64, as NextNonce carries it
 * @throws PosternError `notification.invalid` for a server id or session id that it cannot carry
 */
export function encodeNotification(notification: Notification, secret: NotificationServer['secret'], nonce: string): Uint8Array {
  const { serverId } = notification;
  const trigger = encodeTrigger(notification);
  return Buffer.concat([notificationDigest({ serverId, secret }, nonce, trigger), trigger]);
}

function encodeTrigger({ uiMode, initiator, sessionId, serverId, vendor = new Uint8Array() }: Notification): Uint8Array {
  const id = Buffer.from(serverId);
  if (id.length < 1 || id.length > longestServerId) invalid('serverId', serverId, `1 to ${longestServerId} bytes`);
  if (!/^[1-9A-F][0-9A-F]{0,3}$/.test(sessionId)) invalid('sessionId', sessionId, '1 to 4 upper-case hex digits without leading zeros');
  const head = Buffer.alloc(serverIdAt - triggerAt);
  const flags = (version << versionShift) | (uiModes.indexOf(uiMode) << uiModeShift) | (initiators.indexOf(initiator) << initiatorShift);
  head.writeUInt16BE(flags, 0);
  head.writeUInt16BE(Number.parseInt(sessionId, 16), sessionIdAt - triggerAt);
  head.writeUInt8(id.length, serverIdLengthAt - triggerAt);
  return Buffer.concat([head, id, vendor]);
}

function invalid(field: string, value: string, allowed: string): never {
  throw new PosternError('notification.invalid', { field, value, allowed });
}
