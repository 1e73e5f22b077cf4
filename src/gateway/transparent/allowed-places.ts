import { isIP } from 'node:net';
import type { AllowedPlace, Destination } from './gatekeeper.js';
import { isReserved, liesIn } from './reserved-addresses.js';

const defaultPort: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Where an account's server is; none for an address that is no http or https URL. */
export function placeOf(address: string): AllowedPlace[] {
  if (!URL.canParse(address)) return [];
  const { protocol, hostname, port } = new URL(address);
  const known = defaultPort[protocol];
  if (known === undefined) return [];
  return [{ host: plainHost(hostname), port: port === '' ? known : Number(port) }];
}

/** Whether one of the places is this one, by name or by address. */
export function isListed(places: readonly AllowedPlace[], { host, port }: Destination): boolean {
  return places.some((place) => place.port === port && (names(place, host) || plainHost(place.host) === host));
}

/**
 * Whether a resolved address may be connected to: a public one may, any other only where a place names it or its network itself,
 * since whoever answers for a name can point it anywhere.
 */
export function leadsOut(places: readonly AllowedPlace[], { port }: Destination, address: string): boolean {
  // The very address that is named, in most cases: to look it up in the lists costs more than all else that is asked of a connection.
  if (places.some((place) => place.port === port && place.host === address && names(place, address))) return true;
  return !isReserved(address) || places.some((place) => place.port === port && names(place, address));
}

function names(place: AllowedPlace, address: string): boolean {
  if (place.host === address && place.prefix === undefined) return isIP(address) !== 0;
  return isIP(place.host) !== 0 && liesIn(address, place.host, place.prefix);
}

function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
