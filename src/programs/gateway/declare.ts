import type { AccountSettings, DeviceSettings, GatewayConfig } from '#src/config/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { type Account, type DeviceDeclaration, type GatewayStore, gatewayOwner, usualPriority } from '#src/gateway/index.js';

/**
 * Brings what the configuration file declares into the store: new and changed devices and accounts are written, those that
 * it declared before and no longer does are forgotten, those that were added while running stay.
 */
export function declareConfigured(config: GatewayConfig, store: GatewayStore, devId: string): void {
  const devices = config.devices.map((device) => deviceFrom(device, config.gateway.serverId));
  const accounts = [
    ...config.accounts.map((account) => accountFrom(account, gatewayOwner, devId, account.correlation)),
    ...config.devices.flatMap((device) => device.accounts.map((account) => deviceAccountFrom(account, device.id))),
  ];
  const declared = new Set(devices.map(({ id }) => id));
  for (const id of store.inventory.ids({ origin: 'config' })) if (!declared.has(id)) store.inventory.remove(id);
  const kept = new Set(accounts.map(({ owner, serverId }) => JSON.stringify([owner, serverId])));
  for (const { owner, serverId } of store.accounts.declaredBy('config')) {
    if (!kept.has(JSON.stringify([owner, serverId]))) store.accounts.remove(owner, serverId);
  }
  for (const device of devices) store.inventory.declare(device);
  for (const account of accounts) store.accounts.declare(account);
}

function deviceFrom(device: DeviceSettings, serverId: string): DeviceDeclaration {
  const { id, name, mode, allowPlainHttp, polling } = device;
  const called = name === undefined ? {} : { name };
  return { id, ...called, mode, origin: 'config', ...southFrom(device, serverId), allowPlainHttp, polling, ...told(device) };
}

/** A transparent device can do without: it then has nothing to show us but its address. */
function southFrom(device: DeviceSettings, serverId: string): Pick<DeviceDeclaration, 'south'> {
  const { id, scheme, userName = id, clientPassword, serverPassword } = device;
  if (clientPassword === undefined) return {};
  const clientSecret = keptSecret(scheme, userName, clientPassword.reveal(), false);
  const server = serverPassword?.reveal();
  const serverSecret = server === undefined ? {} : { serverSecret: keptSecret(scheme, serverId, server, true) };
  return { south: { scheme, userName, clientSecret, ...serverSecret } };
}

function told({ trigger: { by, port } }: DeviceSettings): Pick<DeviceDeclaration, 'trigger'> {
  if (by === 'none') return {};
  return { trigger: by === 'udp' ? { by, port } : { by } };
}

function deviceAccountFrom(account: DeviceSettings['accounts'][number], device: string): Account {
  const { priority, polling } = account;
  return { ...accountFrom(account, device, device, 'none'), priority, ...(polling === undefined ? {} : { polling }) };
}

type DeclaredAccount = Omit<AccountSettings, 'correlation'>;

function accountFrom(account: DeclaredAccount, owner: string, ownName: string, correlation: Account['correlation']): Account {
  const { serverId, address, scheme, encoding, allowPlainHttp, rights } = account;
  const userName = account.userName ?? ownName;
  const server = account.serverPassword?.reveal();
  return {
    owner,
    serverId,
    name: account.name ?? serverId,
    address,
    scheme,
    userName,
    clientSecret: keptSecret(scheme, userName, account.clientPassword.reveal(), true),
    ...(server === undefined ? {} : { serverSecret: keptSecret(scheme, serverId, server, false) }),
    encoding,
    allowPlainHttp,
    correlation,
    priority: usualPriority,
    ...(rights === undefined ? {} : { rights }),
    origin: 'config',
  };
}
