import { isPosternError, PosternError } from '#src/base/index.js';
import { initiatorShift, serverIdAt, serverIdLengthAt, sessionIdAt, triggerAt, uiModeShift, versionShift, versionsRead } from './layout.js';
import { defaultNotificationLimits, initiators, type NotificationLimits, type ReceivedNotification, uiModes } from './notification.js';
import { unwrapPush } from './wsp-push.js';

/** What anybody sent, where it may be no notification at all: undefined then. */
export function readNotification(bytes: Uint8Array): ReceivedNotification | undefined {
  try {
    return decodeNotification(bytes, defaultNotificationLimits);
  } catch (error) {
    if (isPosternError(error)) return undefined;
    throw error;
  }
}

/**
 * Reads a notification, bare or in a WSP push. What it says is proved by nobody yet.
 * @throws PosternError `notification.*`
 * @see OMA DM Notification 1.2 § 5.2
 */
export function decodeNotification(bytes: Uint8Array, limits: NotificationLimits): ReceivedNotification {
  if (bytes.length > limits.bytes) throw new PosternError('notification.too-large', { bytes: bytes.length, limit: limits.bytes });
  const { body, isFramed } = unwrapPush(bytes);
  const before = bytes.length - body.length;
  const idLength = body[serverIdLengthAt];
  if (idLength === undefined || body.length < serverIdAt + idLength) {
    throw new PosternError('notification.truncated', { at: bytes.length });
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const vendor = body.subarray(serverIdAt + idLength);
  return {
    ...flagsOf(view.getUint16(triggerAt), before),
    sessionId: sessionIdOf(view.getUint16(sessionIdAt), before),
    serverId: serverIdOf(body.subarray(serverIdAt, serverIdAt + idLength), before),
    ...(vendor.length === 0 ? {} : { vendor }),
    digest: body.subarray(0, triggerAt),
    trigger: body.subarray(triggerAt),
    isFramed,
  };
}

function flagsOf(bits: number, before: number): Pick<ReceivedNotification, 'version' | 'uiMode' | 'initiator'> {
  const version = bits >> versionShift;
  if (!versionsRead.includes(version)) malformed(before + triggerAt, `version ${version / 10} is not known`);
  // Two bits and one bit: each value has its name.
  const uiMode = uiModes[(bits >> uiModeShift) & 0b11] ?? 'not-specified';
  const initiator = initiators[(bits >> initiatorShift) & 0b1] ?? 'server';
  return { version, uiMode, initiator };
}

/** @see OMA DM Protocol 1.2 § 8.1 for how it is written in the session */
function sessionIdOf(id: number, before: number): string {
  if (id === 0) malformed(before + sessionIdAt, 'the session id is 0');
  return id.toString(16).toUpperCase();
}

function serverIdOf(bytes: Uint8Array, before: number): string {
  if (bytes.length === 0) malformed(before + serverIdLengthAt, 'it names no server');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformedError(before + serverIdAt, 'the server id is not UTF-8', cause);
  }
}

function malformed(at: number, what: string): never {
  throw malformedError(at, what);
}

function malformedError(at: number, what: string, cause?: unknown): PosternError {
  return new PosternError('notification.malformed', { at, what }, { cause });
}
