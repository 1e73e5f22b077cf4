import { isPosternError } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { decodeNotification, defaultNotificationLimits, type Notification, type ReceivedNotification } from '#src/dm/notification/index.js';

/** What the golden vectors V4 to V4d are made of. */
export const sample: Notification = { uiMode: 'background', initiator: 'server', sessionId: 'A1B', serverId: 'dm.example' };
export const secret = keptSecret('md5', 'dm.example', 'srvsecret', false);
export const server = { serverId: 'dm.example', secret };
export const nonce = Buffer.from('Nonce').toString('base64');
export const v4 = Buffer.from('d1b559fe5f332972cbc4fd8a29bc72cc02d80000000a1b0a646d2e6578616d706c65', 'hex');

export const decode = (bytes: Uint8Array): ReceivedNotification => decodeNotification(bytes, defaultNotificationLimits);

/** It, or the code of the error with which it was refused. */
export function tryDecode(bytes: Uint8Array): ReceivedNotification | string {
  try {
    return decode(bytes);
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
}
