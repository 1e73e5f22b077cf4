/** What a record's name begins with where the DevId itself cannot be a node name. */
const mark = '~';

/**
 * The node name of a device's record: its DevId where that can be one, else the DevId in Base64 (RFC 4648 § 5) behind a
 * tilde. No other device has the same, and the device is found by it without a look at the others.
 */
export function recordName(deviceId: string): string {
  return isName(deviceId) ? deviceId : mark + Buffer.from(deviceId).toString('base64url');
}

/** The device that a record's name stands for; undefined for a name that no record has. */
export function deviceOfRecord(name: string): string | undefined {
  if (!name.startsWith(mark)) return isName(name) ? name : undefined;
  const deviceId = Buffer.from(name.slice(mark.length), 'base64url').toString();
  return deviceId !== '' && recordName(deviceId) === name ? deviceId : undefined;
}

/** @see OMA DM TND 1.2 § 6.1 */
function isName(deviceId: string): boolean {
  return /^[^/?\s~][^/?\s]*$/.test(deviceId) && deviceId !== '.' && deviceId !== '..';
}
