import type { Milliseconds } from '#src/base/index.js';
import { uuidUrn } from '../device-urn.js';

/** Headers as node-ssdp hands them over, names in upper case. */
export type SsdpHeaders = Readonly<Record<string, unknown>>;

/** What a root device says of itself; nothing of it is proved. */
export interface Announcement {
  /** `urn:uuid:…` */
  readonly id: string;
  /** Where it came from. */
  readonly address: string;
  /** Where its description lies, at the very address that it came from. */
  readonly location: URL;
  /** It promised to be heard again within this time; absent: it promised nothing. */
  readonly heartbeat?: Milliseconds;
}

const rootDevice = /^uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})::upnp:rootdevice$/i;
const anyOfIt = /^uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:::upnp:rootdevice)?$/i;
const minute = 60_000;
const day = 86_400_000;
const longestLocation = 512;

/** Reads an announcement or an answer; undefined: no root device with a UUID and a description of its own. */
export function announcementOf(headers: SsdpHeaders, address: string): Announcement | undefined {
  const id = idOf(headers, rootDevice);
  const location = locationOf(textOf(headers, 'LOCATION'), address);
  if (id === undefined || location === undefined) return undefined;
  const heartbeat = heartbeatOf(textOf(headers, 'CACHE-CONTROL'));
  return { id, address, location, ...(heartbeat === undefined ? {} : { heartbeat }) };
}

/** Who says goodbye; undefined: it is a service, a part of a device, or nothing with a UUID. */
export function departedOf(headers: SsdpHeaders): string | undefined {
  return idOf(headers, anyOfIt);
}

function idOf(headers: SsdpHeaders, form: RegExp): string | undefined {
  const [, uuid] = form.exec(textOf(headers, 'USN')) ?? [];
  return uuid === undefined ? undefined : uuidUrn(uuid);
}

/** Only plain http to the very address that said so: not to another host, not to a name, and with no password. */
function locationOf(text: string, address: string): URL | undefined {
  if (text.length > longestLocation || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.protocol === 'http:' && url.username === '' && url.password === '' && url.port !== '0';
  return plain && url.hostname === address ? url : undefined;
}

/** @see UPnP Device Architecture 1.1 § 1.2.2: 30 minutes or more; the field has anything */
function heartbeatOf(text: string): Milliseconds | undefined {
  const [, seconds] = /(?:^|[\s,])max-age\s*=\s*(\d{1,9})(?:$|[\s,])/i.exec(text) ?? [];
  return seconds === undefined ? undefined : Math.min(Math.max(Number(seconds) * 1_000, minute), day);
}

function textOf(headers: SsdpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : '';
}
