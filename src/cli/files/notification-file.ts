import { decodeNotification, defaultNotificationLimits, notificationWarnings } from '#src/dm/notification/index.js';

const digestBytes = 16;
const pushHead = 3;

/**
 * Package#0 as text, one field a line, with a line for what other ends may stumble over; undefined for bytes, or hex digits of
 * bytes, that are something else.
 * @throws PosternError `notification.*` for one that is broken
 */
export function describeNotification(given: Uint8Array): string | undefined {
  const bytes = fromHex(given) ?? given;
  if (!isNotification(bytes) && !isNotification(bytes.subarray(pushHead + (bytes[2] ?? 0)))) return undefined;
  const { version, uiMode, initiator, sessionId, serverId, vendor, digest, isFramed } = decodeNotification(
    bytes,
    defaultNotificationLimits,
  );
  const fields = [
    `Package#0${isFramed ? ' in a WSP push' : ''}, ${bytes.length} bytes`,
    `digest     ${hex(digest)} (not checked: that takes the password and the nonce)`,
    `version    ${version / 10}`,
    `ui mode    ${uiMode}`,
    `initiator  ${initiator}`,
    `session    ${sessionId}`,
    `server     ${serverId}`,
    ...(vendor === undefined ? [] : [`vendor     ${hex(vendor)}`]),
    ...notificationWarnings({ serverId }).map((warning) => `warning    ${warning}`),
  ];
  return `${fields.join('\n')}\n`;
}

/** After the digest a version of 1.0 to 1.2 and 27 bits of nothing: no message in XML or WBXML has that there. */
function isNotification(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, ...rest] = bytes.subarray(digestBytes, digestBytes + 5);
  const version = (first << 2) | (second >> 6);
  return version >= 10 && version <= 12 && (second & 0b111) === 0 && rest.length === 3 && rest.every((byte) => byte === 0);
}

function fromHex(bytes: Uint8Array): Uint8Array | undefined {
  const digits = Buffer.from(bytes).toString('latin1').replace(/\s+/g, '');
  return /^(?:[0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
