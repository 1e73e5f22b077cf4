import type { MdnsRecord } from './record.js';

/** What devices look for to find a DM gateway: a name of our own, for OMA registered none. @see DM10:6.3.1.2-3 */
export const ownServiceType = '_oma-dm._tcp';
/** The version of the TXT record. @see RFC 6763 § 6.7 */
const textVersion = '1';
/** Seconds: names of hosts change more often than what a service is called. @see RFC 6762 § 10 */
const lives = { service: 4500, host: 120 };
/** The longest label, in bytes. */
const longestLabel = 63;
const allServices = '_services._dns-sd._udp.local';

/** Where the gateway's own DM endpoint is, as it is told on the LAN. */
export interface OwnService {
  /** What people call the gateway. */
  readonly name: string;
  readonly port: number;
  /** Where package 1 is posted, such as `/dm`. */
  readonly path: string;
  readonly tls: boolean;
}

/** The records of the service, under the n-th name if others have the first: those that may be shared, and those that are ours alone. */
export interface OwnRecords {
  readonly instance: string;
  readonly host: string;
  readonly shared: readonly MdnsRecord[];
  readonly unique: readonly MdnsRecord[];
}

export function ownRecords({ name, port, path, tls }: OwnService, address: string, attempt: number): OwnRecords {
  const instance = `${instanceLabel(name, attempt)}.${ownServiceType}.local`;
  const host = `${hostLabel(name, attempt)}.local`;
  const texts = [`txtvers=${textVersion}`, `path=${path}`, `tls=${tls ? 1 : 0}`];
  const { service, host: brief } = lives;
  return {
    instance,
    host,
    shared: [
      { name: allServices, type: 'PTR', ttl: service, data: `${ownServiceType}.local` },
      { name: `${ownServiceType}.local`, type: 'PTR', ttl: service, data: instance },
    ],
    unique: [
      { name: instance, type: 'SRV', ttl: brief, flush: true, data: { target: host, port } },
      { name: instance, type: 'TXT', ttl: service, flush: true, data: texts },
      { name: host, type: 'A', ttl: brief, flush: true, data: address },
    ],
  };
}

/** The encoder divides at every dot, so a name has none. */
function instanceLabel(name: string, attempt: number): string {
  const suffix = attempt === 1 ? '' : ` (${attempt})`;
  return cut(name.replaceAll('.', '-'), longestLabel - suffix.length) + suffix;
}

function hostLabel(name: string, attempt: number): string {
  const suffix = attempt === 1 ? '' : `-${attempt}`;
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return (plain || 'postern').slice(0, longestLabel - suffix.length) + suffix;
}

/** At most so many bytes, and no half character. */
function cut(text: string, most: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > most) break;
    kept += character;
  }
  return kept;
}
