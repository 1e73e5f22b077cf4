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

/** By what a DM server reaches a gateway with its triggers. */
export interface Reach {
  /** The MQTT broker, as an address. */
  readonly broker: string;
  /** Files of the authorities of gateways, PEM. */
  readonly trust: readonly string[];
}

export async function startAuthority(company: Company, serverId: string, { broker, trust }: Reach): Promise<Authority> {
  const settings = { serverId, port: 0, triggers: { broker: { url: broker, allowPlain: true }, trust } };
  // JSON is YAML too.
  const config = company.folder.write(`${serverId}.yaml`, JSON.stringify(settings));
  const args = ['server', '--config', config, '--state', company.folder.place(serverId), '--json'];
  const { ready } = await company.start(`DM server of the ${serverId}`, args, isListening);
  const socket = textOf(ready, 'socket');
  return { serverId, url: textOf(ready, 'url'), ca: textOf(ready, 'ca'), door: createSmallServerClient({ socket }), socket };
}

/** Lets a client come to a DM server. @param reach where a trigger for it goes, if anywhere @returns what its account there is made of */
export async function enrol(authority: Authority, id: string, reach?: string) {
  const passwords: Passwords = { clientPassword: systemEntropy.token(), serverPassword: systemEntropy.token() };
  await authority.door.addClient({ id, ...passwords, ...(reach === undefined ? {} : { reach }) });
  return { serverId: authority.serverId, address: authority.url, ...passwords };
}
