import { isIPv4 } from 'node:net';

/** A line of the lease file. */
export interface Lease {
  readonly mac: string;
  readonly address: string;
  readonly hostname?: string;
  /** Milliseconds since 1970; absent: it lasts for ever. */
  readonly expires?: number;
}

const mostLeases = 10_000;
const macForm = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

/**
 * Reads a lease file of dnsmasq: expiry in seconds since 1970 (0: never), MAC address, IPv4 address, host name or `*`, client id. What
 * follows `duid` is IPv6 and not looked at. The server writes over the file in place, so a last line without its end is not
 * believed; it and whatever else is no lease is skipped and counted.
 */
export function parseLeases(text: string): { readonly leases: readonly Lease[]; readonly skipped: number } {
  const lines = text.split('\n');
  const torn = lines.pop() === '' ? 0 : 1;
  const ipv6 = lines.findIndex((line) => line.startsWith('duid '));
  const ours = lines.slice(0, ipv6 === -1 ? undefined : ipv6).filter((line) => line.trim() !== '');
  const leases = ours.slice(0, mostLeases).flatMap((line) => parseLease(line) ?? []);
  return { leases, skipped: ours.length - leases.length + torn };
}

function parseLease(line: string): Lease | undefined {
  const [seconds = '', mac = '', address = '', hostname, clientId, ...surplus] = line.split(' ');
  if (!/^\d{1,11}$/.test(seconds) || !macForm.test(mac) || !isIPv4(address)) return undefined;
  if (hostname === undefined || clientId === undefined || surplus.length > 0) return undefined;
  return {
    mac,
    address,
    ...(hostname === '*' ? {} : { hostname }),
    ...(seconds === '0' ? {} : { expires: Number(seconds) * 1000 }),
  };
}
