/**
 * Takes a notification out of the WSP push that carries it; bytes that are no such push come back as they are.
 * @see WAP-230-WSP § 8.2.4.1 (Push), § 8.4 (headers); OMA DM Notification 1.2 § 6
 */
export function unwrapPush(bytes: Uint8Array): { readonly body: Uint8Array; readonly isFramed: boolean } {
  const headers = bytes.subarray(headersAt, headersAt + (bytes[lengthAt] ?? 0));
  const isFramed = bytes[typeAt] === pushType && headers.length === bytes[lengthAt] && announcesNotification(headers);
  return { body: isFramed ? bytes.subarray(headersAt + headers.length) : bytes, isFramed };
}

/** Puts a notification into a WSP push. @param transaction 0 to 255 */
export function wrapPush(body: Uint8Array, transaction: number): Uint8Array {
  return Buffer.concat([Uint8Array.of(transaction, pushType, head.length, ...head), body]);
}

const typeAt = 1;
const lengthAt = 2;
const headersAt = 3;
const pushType = 0x06;
/** One byte of length: the heads of all layers together have at most 48. @see OMA DM Notification 1.2 § 6.1 */
const longestHead = 48;

/** `application/vnd.syncml.notification` and `x-wap-application:syncml.dm` by their registered numbers. */
const contentTypes = ['\xc4', 'application/vnd.syncml.notification\0'];
const applicationIdNames = ['\xaf', 'x-wap-application-id\0'];
const applicationIds = ['\x87', 'x-wap-application:syncml.dm\0'];
const head = [0xc4, 0xaf, 0x87];

/** A digest may begin like a push: only a head that is one to its last byte counts. */
function announcesNotification(headers: Uint8Array): boolean {
  if (headers.length > longestHead) return false;
  const values = splitValues(headers);
  const [contentType, ...fields] = values ?? [];
  if (contentType === undefined || !isOneOf(contentTypes, contentType)) return false;
  return fields.some((name, at) => at % 2 === 0 && isOneOf(applicationIdNames, name) && isOneOf(applicationIds, fields[at + 1]));
}

function isOneOf(known: readonly string[], value: Uint8Array | undefined): boolean {
  const text = value && Buffer.from(value).toString('latin1');
  return text !== undefined && known.includes(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
}

/** The content type, then names and values by turns; undefined where they do not end with the head. */
function splitValues(headers: Uint8Array): Uint8Array[] | undefined {
  const values: Uint8Array[] = [];
  for (let at = 0; at < headers.length; ) {
    const end = endOfValue(headers, at);
    if (end === undefined || end > headers.length) return undefined;
    values.push(headers.subarray(at, end));
    at = end;
  }
  return values.length % 2 === 1 ? values : undefined;
}

/** A number in one byte, a text that ends with 0, or a length with so many bytes. @see WAP-230-WSP § 8.4.1.2 */
function endOfValue(headers: Uint8Array, at: number): number | undefined {
  const first = headers[at] ?? 0;
  if (first >= 0x80) return at + 1;
  if (first < 0x1f) return at + 1 + first;
  if (first === 0x1f) return undefined;
  const zero = headers.indexOf(0, at);
  return zero < 0 ? undefined : zero + 1;
}
