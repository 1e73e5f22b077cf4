export { decodeNotification, readNotification } from './decode.js';
export { type NotificationServer, verifyNotification, zeroNonces } from './digest.js';
export { encodeNotification } from './encode.js';
export {
  defaultNotificationLimits,
  type Initiator,
  type Notification,
  type NotificationLimits,
  notificationWarnings,
  type ReceivedNotification,
  type UiMode,
} from './notification.js';
export { wrapPush } from './wsp-push.js';
