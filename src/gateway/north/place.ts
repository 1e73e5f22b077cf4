import type { Account } from '../ports.js';

/** An account as far as its server matters. The address is empty where the account is gone. */
export type Place = Pick<Account, 'owner' | 'serverId' | 'address'>;

/** Tells accounts apart. */
export function nameOf({ owner, serverId }: Pick<Place, 'owner' | 'serverId'>): string {
  return `${owner}\n${serverId}`;
}

/** The same server for two accounts: the same id at the same host and port. */
export function serverOf({ serverId, address }: Place): string {
  return `${serverId}\n${hostOf(address)}`;
}

/** The server as people are told of it. */
export function aboutServer({ serverId, address }: Place): { readonly serverId: string; readonly address: string } {
  return { serverId, address: hostOf(address) };
}

/** Scheme, host and port. Read in thousands of addresses at a time, which were checked when they were declared. */
export function hostOf(address: string): string {
  return /^[^/]*\/\/[^/?#]*/.exec(address)?.[0].toLowerCase() ?? '';
}
