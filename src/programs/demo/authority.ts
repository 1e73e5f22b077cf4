import { systemEntropy } from '#src/base/index.js';
import { createSmallServerClient, type SmallServerClient } from '#src/control/index.js';
import { type Company, isListening, textOf } from './company.js';

/** A DM server of a management authority, in a process of its own. */
export interface Authority {
  readonly serverId: string;
  /** Where its clients post package 1. */
  readonly url: string;
  /** The file of the authority that issued its certificate, PEM. */
  readonly ca: string;
  readonly door: SmallServerClient;
  readonly socket: string;
}

/** Both passwords between a client and a DM server. */
export interface Passwords {
  readonly clientPassword: string;
  readonly serverPassword: string;
}

export async function startAuthority(company: Company, serverId: string): Promise<Authority> {
  const config = company.folder.write(`${serverId}.yaml`, `serverId: ${serverId}\nport: 0\n`);
  const args = ['server', '--config', config, '--state', company.folder.place(serverId), '--json'];
  const { ready } = await company.start(`DM server of the ${serverId}`, args, isListening);
  const socket = textOf(ready, 'socket');
  return { serverId, url: textOf(ready, 'url'), ca: textOf(ready, 'ca'), door: createSmallServerClient({ socket }), socket };
}

/** Lets a client come to a DM server. @returns what the client's account there is made of */
export async function enrol(authority: Authority, id: string) {
  const passwords: Passwords = { clientPassword: systemEntropy.token(), serverPassword: systemEntropy.token() };
  await authority.door.addClient({ id, ...passwords });
  return { serverId: authority.serverId, address: authority.url, ...passwords };
}
