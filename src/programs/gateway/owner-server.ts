import type { Log, PosternError } from '#src/base/index.js';
import { loadSmallServerConfig } from '#src/config/index.js';
import { type Account, type GatewayStore, gatewayOwner, usualPriority } from '#src/gateway/index.js';
import { placeBelow, startSmallServer } from '../server/start.js';

/** The small DM server in the gateway's own process, as the owner's authority. */
export interface OwnerServer {
  /** The authority that issued its certificate, PEM. */
  readonly caPem: string | undefined;
  /** Opens an account at it for the gateway itself, or for a device. */
  openAccount(owner: string, devId: string): Promise<Account>;
  /** Gives the gateway itself and every device that no server manages an account at it. */
  introduce(store: GatewayStore, devId: string): Promise<void>;
  /** Resolves with the reason when it can keep nothing more. */
  readonly broken: Promise<PosternError>;
  stop(grace: number): Promise<void>;
}

/**
 * @param state the gateway's state directory; the server's lies in it
 * @param config the server's configuration file; undefined: embedded defaults
 * @throws ConfigurationError
 */
export async function startOwnerServer(state: string, config: string | undefined, log: Log): Promise<OwnerServer> {
  const running = await startSmallServer({ ...placeBelow(state), config: loadSmallServerConfig(config), log });
  const { url, serverId } = running;
  const openAccount = async (owner: string, devId: string): Promise<Account> => {
    const enrolment = await running.server.enrol(devId);
    const correlation = owner === gatewayOwner ? 'all' : 'none';
    return {
      owner,
      serverId,
      name: 'Owner',
      address: url,
      ...enrolment,
      encoding: 'xml',
      allowPlainHttp: false,
      correlation,
      priority: usualPriority,
      origin: 'added',
    };
  };
  return {
    caPem: running.caPem,
    openAccount,
    introduce: (store, devId) => introduce(openAccount, store, devId),
    broken: running.broken,
    stop: (grace) => running.stop(grace),
  };
}

async function introduce(openAccount: OwnerServer['openAccount'], store: GatewayStore, devId: string): Promise<void> {
  store.accounts.declare(await openAccount(gatewayOwner, devId));
  for (const { id, mode } of store.inventory.each()) {
    if (mode === 'proxy' && store.accounts.servers(id).length === 0) store.accounts.declare(await openAccount(id, id));
  }
  await store.committed();
}
