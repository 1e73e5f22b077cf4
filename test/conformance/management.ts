import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, createSmallServerClient, type SmallServerClient, type SmallServerCommand } from '#src/control/index.js';
import type { AccountTerms, Device, Passwords, Site } from '../e2e/site.js';

/** Seconds that a command may take to come back. */
const patience = 20;

/** Queues commands at the operator's server, lets the device open a session, and waits for what became of each. */
export async function manage(site: Site, device: Device, ...commands: readonly SmallServerCommand[]): Promise<CommandResult[]> {
  const queued = await site.queue(commands);
  await device.session();
  return ended(site.serverDoor, queued);
}

/** As {@link manage} for the gateway itself, in its own session with the operator's server. */
export async function manageGateway(site: Site, ...commands: readonly SmallServerCommand[]): Promise<CommandResult[]> {
  const queued = await site.queue(commands, site.devId);
  await site.gatewayDoor.testAccount({ serverId: 'operator' });
  return ended(site.serverDoor, queued);
}

export function ended(server: SmallServerClient, ids: readonly string[]): Promise<CommandResult[]> {
  return Promise.all(ids.map((id) => server.showCommand({ id, wait: patience })));
}

/** Statuses of a command's nodes. */
export function codes(result: CommandResult | undefined): number[] {
  return (result?.statuses ?? []).map(({ status }) => status);
}

/** `uri = value` for everything that a command read. */
export function values(result: CommandResult | undefined): string[] {
  return (result?.results ?? []).map(({ uri, data }) => `${uri} = ${data ?? ''}`);
}

/** `uri = value` as they are on the device itself. */
export async function onDevice(device: Device, uris: readonly string[]): Promise<string[]> {
  const read: string[] = [];
  // One at a time: the device says of its answers only what they are for.
  for (const uri of uris) read.push(`${uri} = ${String(await device.read(uri))}`);
  return read;
}

/** A DM server besides the operator's. */
export interface Authority {
  readonly serverId: string;
  readonly url: string;
  readonly door: SmallServerClient;
}

/** Starts the DM server of another authority. `trusted`: its certificate is of the authority that the gateway trusts. */
export async function openAuthority(site: Site, serverId: string, { trusted = true } = {}): Promise<Authority> {
  const tls = { cert: join(site.serverState, 'server.pem'), key: join(site.serverState, 'server.key') };
  const config = join(site.folder, `${serverId}.yaml`);
  writeFileSync(config, JSON.stringify({ serverId, port: 0, ...(trusted ? { tls } : {}) }), { mode: 0o600 });
  const args = ['server', '--config', config, '--state', join(site.folder, serverId), '--json'];
  const { ready } = await site.start(serverId, args, ({ msg }) => msg === 'listening');
  return { serverId, url: String(ready['url']), door: createSmallServerClient({ socket: String(ready['socket']) }) };
}

/** Gives a device, or without `device` the gateway itself, an account at an authority that already knows it by these passwords. */
export async function openAccount(
  site: Site,
  authority: Authority,
  device?: string,
  believed: Partial<Passwords> & AccountTerms = {},
): Promise<void> {
  const passwords = site.newPasswords(authority.serverId);
  await authority.door.addClient({ id: device ?? site.devId, ...passwords });
  const { serverId, url } = authority;
  const account = { serverId, address: url, ...passwords, ...believed };
  await site.gatewayDoor.addAccount(device === undefined ? account : { device, ...account });
}
