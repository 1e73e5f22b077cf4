import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Every name by which peers may reach what listens on an address, for its certificate. */
export function namesOf(listening: string): string[] {
  return [...new Set(isWildcard(listening) ? [hostname(), ...ownAddresses(), 'localhost'] : [listening, 'localhost'])];
}

/** The origin that peers are told, such as `https://192.0.2.1:9443`. */
export function originOf(listening: string, port: number, encrypted: boolean): string {
  const host = isWildcard(listening) ? (ownAddresses()[0] ?? '127.0.0.1') : listening;
  return `${encrypted ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Addresses of this machine that others can reach, the loopback last. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outer = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
  return [...outer.map(({ address }) => address), '127.0.0.1'];
}
