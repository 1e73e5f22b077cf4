/** What a datagram of SSDP can be. */
export type SsdpKind = 'notify' | 'search' | 'response';

const startLines: ReadonlyMap<string, SsdpKind> = new Map([
  ['NOTIFY * HTTP/1.1', 'notify'],
  ['M-SEARCH * HTTP/1.1', 'search'],
  ['HTTP/1.1 200 OK', 'response'],
]);

/** A datagram larger than this is none of SSDP: real ones have 200 to 600 bytes. */
export const largestDatagram = 2_048;
/** @see UPnP Device Architecture 1.1 § 1.3.3: more counts as 5 s */
const longestWait = 5;

/** What it says it is; undefined: it is not SSDP. @see UPnP Device Architecture 1.1 § 1.2, § 1.3 */
export function kindOfDatagram(bytes: Uint8Array): SsdpKind | undefined {
  const end = bytes.indexOf(0x0d);
  return end < 0 || end > 32 ? undefined : startLines.get(Buffer.from(bytes.subarray(0, end)).toString('latin1').trimEnd());
}

/** How long its answer may wait, in seconds; undefined: it is no search to be answered. @see UPnP Device Architecture 1.1 § 1.3.2 */
export function waitOfSearch(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  if (!/\r\nMAN:[ \t]*"ssdp:discover"[ \t]*\r\n/i.test(text) || !/\r\nST:[ \t]*[\x21-\x7e]{1,128}[ \t]*\r\n/i.test(text)) return undefined;
  const [, wait] = /\r\nMX:[ \t]*(\d{1,3})[ \t]*\r\n/i.exec(text) ?? [];
  return wait === undefined || Number(wait) < 1 ? undefined : Math.min(Number(wait), longestWait);
}
