import { isIP } from 'node:net';
import { z } from 'zod';
import { isHost } from './network.js';
import { ofKind } from './setting.js';

/** A host, an address, or a network of addresses, with a port. */
export interface AllowedPlace {
  /** In lower case, IPv6 without brackets. */
  readonly host: string;
  /** Leading bits of a network; absent: the host alone. */
  readonly prefix?: number;
  readonly port: number;
}

const usualPort = 443;
/** IPv6 needs its brackets, so that its last part is not taken for a port. */
const pattern = /^(?:\[([0-9a-f:.]+(?:\/\d{1,3})?)\]|([^[\]:]+))(?::(\d{1,5}))?$/i;

/** Reads `dm.example`, `dm.example:8443`, `192.0.2.0/24:443` or `[2001:db8::1]:443`; undefined for anything else. */
export function parseAllowedPlace(text: string): AllowedPlace | undefined {
  const [, bracketed, plain, digits] = pattern.exec(text) ?? [];
  const [host = '', bits, surplus] = (bracketed ?? plain ?? '').toLowerCase().split('/');
  const port = digits === undefined ? usualPort : Number(digits);
  if (surplus !== undefined || port < 1 || port > 65_535 || !isHost(host) || (bracketed !== undefined && isIP(host) !== 6))
    return undefined;
  if (bits === undefined) return { host, port };
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(host)] ?? 0;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest ? { host, prefix: Number(bits), port } : undefined;
}

/** The text that {@link parseAllowedPlace} reads back. */
export function formatAllowedPlace({ host, prefix, port }: AllowedPlace): string {
  const whole = prefix === undefined ? host : `${host}/${prefix}`;
  return `${host.includes(':') ? `[${whole}]` : whole}:${port}`;
}

/** Where a transparent device may go. */
export function allowedPlace() {
  const schema = z.string().transform((text, context): AllowedPlace => {
    const place = parseAllowedPlace(text);
    if (place !== undefined) return place;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });
  return ofKind(schema, {
    type: 'host and port',
    allowed: 'a host such as dm.example:8443, an address such as 192.0.2.7 or [2001:db8::1]:443, or a network such as 192.0.2.0/24:443',
    show: (value) => formatAllowedPlace(value as AllowedPlace),
  });
}
