import { type Entropy, PosternError } from '#src/base/index.js';
import type { AccountAnswer, AddedDevice, ControlService, DeviceAnswer, DhcpEventInput } from '#src/control/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { dmAccTnds } from '#src/dm/objects/index.js';
import {
  type Account,
  type DeviceSummary,
  type Gateway,
  type GatewaySettings,
  type GatewayStore,
  gatewayOwner,
  lastSeen,
  type NorthTurn,
  type Rights,
  seenBy,
  shownFacts,
  shownName,
  usualPriority,
} from '#src/gateway/index.js';
import { createAdmissionService } from './admission-service.js';
import { createDiagnosticsService, type RunningSources } from './diagnostics-service.js';
import { describeServersAway, serversAwayReasons } from './servers-away.js';

/** What the gateway's control service works on. */
export interface GatewayServiceParts {
  readonly gateway: Gateway;
  readonly store: GatewayStore;
  readonly settings: GatewaySettings;
  readonly entropy: Entropy;
  readonly devId: string;
  readonly version: string;
  /** Certificate of the local CA, PEM. */
  readonly trust: string;
  /** Where the forward proxy listens; undefined: there is none. */
  readonly proxyUrl?: () => string | undefined;
  /** Opens an account for a device that is added without one; absent: it then has none. */
  readonly ownerAccount?: (device: string) => Promise<Account>;
  /** Takes what is told about leases; absent: the configuration does not ask for it. */
  readonly dhcpEvent?: (event: DhcpEventInput) => void;
  /** Seconds since the start. */
  readonly uptime: () => number;
  readonly state: () => 'starting' | 'running' | 'draining';
  /** Why it takes no sessions now, in sentences; empty: it does. */
  readonly reasons: () => string[];
  /** Rows of the database that are left out; absent: none. */
  readonly unreadable?: () => readonly string[];
  /** What somebody has to mend; absent: nothing. */
  readonly broken?: () => string[];
  /** What is to be looked at while sessions are taken all the same, in sentences. */
  readonly doubts?: () => string[];
  readonly diagnostics: RunningSources;
}

/** The gateway as its operators see it. @see src/control/contract.ts */
export function createGatewayService(parts: GatewayServiceParts): ControlService {
  return {
    health: async () => describeHealth(parts),
    readiness: async () => describeReadiness(parts),
    status: async () => describeStatus(parts),
    gateway: async () => describeGateway(parts),
    listDevices: async ({ after, limit }) => parts.store.inventory.list({ after, limit }).map((device) => describeDevice(parts, device)),
    showDevice: async ({ id }) => describeDevice(parts, existing(parts, id)),
    addDevice: (input) => addDevice(parts, input),
    removeDevice: ({ id }) => removeDevice(parts, id),
    ...createAdmissionService({ ...parts, describe: (device) => describeDevice(parts, device) }),
    ...createDiagnosticsService({
      ...parts,
      sources: parts.diagnostics,
      told: () => ({ status: describeStatus(parts), health: describeHealth(parts), readiness: describeReadiness(parts) }),
      describe: (device) => describeDevice(parts, device),
      describeAccount: (account) => describeAccount(parts, account),
    }),
    listAccounts: async ({ device }) => {
      if (device !== undefined) existing(parts, device);
      return parts.store.accounts.list(device).map((account) => describeAccount(parts, account));
    },
    addAccount: (input) => addAccount(parts, input),
    removeAccount: ({ serverId, device }) => removeAccount(parts, device ?? gatewayOwner, serverId),
    testAccount: async ({ serverId, device }) => {
      if (device !== undefined && parts.store.inventory.find(device)?.presence === 'quarantined')
        throw new PosternError('control.not-possible', { what: `${device} is in quarantine; admit it first` });
      return testSteps(await parts.gateway.tryAccount(existingAccount(parts, device ?? gatewayOwner, serverId)));
    },
    dhcpEvent: async (event) => takeDhcpEvent(parts, event),
    listTriggers: async () => describeTriggers(parts.gateway),
    listSessions: async () => parts.gateway.sessions().map((session) => ({ ...session, startedAt: isoTime(session.startedAt) })),
  };
}

function describeHealth({ gateway, reasons, broken, doubts }: GatewayServiceParts) {
  const damage = broken?.() ?? [];
  const all = [...damage, ...reasons(), ...(doubts?.() ?? []), ...serversAwayReasons(gateway)];
  return { status: damage.length > 0 ? ('broken' as const) : all.length > 0 ? ('degraded' as const) : ('ok' as const), reasons: all };
}

function describeReadiness({ reasons, broken }: GatewayServiceParts) {
  const all = [...(broken?.() ?? []), ...reasons()];
  return { ready: all.length === 0, reasons: all };
}

function describeStatus(parts: GatewayServiceParts) {
  const { version } = parts;
  const unreadable = (parts.unreadable?.() ?? []).map(
    (row) => `The row "${row}" of the database cannot be read and is left out: remove what it is about, and add it again.`,
  );
  const { reasons } = describeHealth(parts);
  const serversAway = describeServersAway(parts.gateway);
  return { state: parts.state(), version, pid: process.pid, uptime: parts.uptime(), reasons: [...reasons, ...unreadable], serversAway };
}

function describeGateway(parts: GatewayServiceParts) {
  const { settings, version, devId } = parts;
  const south = [{ url: settings.southUrl(), paths: [...settings.paths] }];
  return {
    name: settings.name,
    version,
    devId,
    serverId: settings.serverId,
    uptime: parts.uptime(),
    south,
    pid: process.pid,
    state: parts.state(),
  };
}

function takeDhcpEvent({ dhcpEvent }: GatewayServiceParts, event: DhcpEventInput): void {
  if (dhcpEvent === undefined)
    throw new PosternError('control.not-possible', { what: 'discovery.dhcp.events is not on in the configuration' });
  dhcpEvent(event);
}

function describeTriggers({ triggers }: Gateway) {
  const pending = triggers.list().map(({ owner, receivedAt, nonce: _, ...trigger }) => ({
    target: owner,
    ...trigger,
    receivedAt: isoTime(receivedAt),
  }));
  const telling = triggers.tellings().map(({ since, ...one }) => ({ ...one, since: isoTime(since) }));
  return { pending, telling, ...triggers.counts };
}

function describeDevice({ store, gateway }: GatewayServiceParts, device: DeviceSummary): DeviceAnswer {
  const { firstSeen, lastContact } = device;
  const facts = shownFacts(device);
  const name = shownName(device);
  const seen = lastSeen(device);
  return {
    id: device.id,
    ...(name === undefined ? {} : { name }),
    mode: device.mode,
    origin: device.origin,
    ...(device.south === undefined ? {} : { scheme: device.south.scheme, userName: device.south.userName }),
    allowPlainHttp: device.allowPlainHttp,
    polling: device.polling,
    trigger: device.trigger ?? { by: 'none' },
    status: device.presence,
    seenBy: seenBy(device),
    ...(facts.address === undefined ? {} : { address: facts.address }),
    ...(facts.manufacturer === undefined ? {} : { manufacturer: facts.manufacturer }),
    ...(facts.model === undefined ? {} : { model: facts.model }),
    ...(facts.firmware === undefined ? {} : { firmware: facts.firmware }),
    ...(facts.dmVersion === undefined ? {} : { dmVersion: facts.dmVersion }),
    ...(firstSeen === undefined ? {} : { firstSeen: isoTime(firstSeen) }),
    ...(lastContact === undefined ? {} : { lastContact: isoTime(lastContact) }),
    ...(seen === undefined ? {} : { lastSeen: isoTime(seen) }),
    association: { epoch: device.associationEpoch, reported: gateway.correlation.reported(device) },
    accounts: store.accounts.servers(device.id),
    pendingAlerts: store.outbox.count(device.id),
  };
}

function describeAccount({ store }: GatewayServiceParts, account: Account): AccountAnswer {
  const { owner, serverId, name, address, scheme, userName, encoding, allowPlainHttp, rights, origin } = account;
  const pendingAlerts = store.outbox.pending(owner, serverId).length;
  const table = rights === undefined ? {} : { rights: copyOf(rights) };
  return { ...whose(account), serverId, name, address, scheme, userName, encoding, allowPlainHttp, ...table, origin, pendingAlerts };
}

function copyOf(rights: Rights): NonNullable<AccountAnswer['rights']> {
  return Object.fromEntries(Object.entries(rights).map(([node, commands]) => [node, [...commands]]));
}

function whose({ owner, correlation, priority, polling }: Account): Partial<AccountAnswer> {
  if (owner === gatewayOwner) return { correlation };
  return { device: owner, priority, ...(polling === undefined ? {} : { polling }) };
}

type NewDevice = Parameters<ControlService['addDevice']>[0];
type NewAccount = Parameters<ControlService['addAccount']>[0];

async function addDevice(parts: GatewayServiceParts, input: NewDevice): Promise<AddedDevice> {
  const { store, settings, entropy } = parts;
  // Accounts are kept by their owner, and this one is the gateway itself.
  const discovered = store.inventory.find(input.id);
  if (input.id === gatewayOwner || (discovered !== undefined && discovered.origin !== 'discovered'))
    throw new PosternError('control.exists', { what: 'device', id: input.id });
  if (input.withoutPassword && input.mode !== 'transparent')
    throw new PosternError('control.not-possible', { what: 'a device in proxy mode proves itself by a password' });
  const userName = input.userName ?? input.id;
  const clientPassword = input.clientPassword ?? entropy.token();
  const serverPassword = input.serverPassword ?? entropy.token();
  const { scheme } = input;
  const south = {
    scheme,
    userName,
    clientSecret: keptSecret(scheme, userName, clientPassword, false),
    serverSecret: keptSecret(scheme, settings.serverId, serverPassword, true),
  };
  const { id, mode, allowPlainHttp, polling, name = discovered?.name } = input;
  const proved = input.withoutPassword ? {} : { south };
  const called = name === undefined ? {} : { name };
  store.inventory.declare({ id, ...called, mode, origin: 'added', ...proved, allowPlainHttp, polling, ...told(input) });
  for (const account of input.accounts) store.accounts.declare(accountFrom(parts, account, id));
  if (mode === 'proxy' && input.accounts.length === 0 && parts.ownerAccount !== undefined)
    store.accounts.declare(await parts.ownerAccount(id));
  parts.gateway.presence.declared(id);
  await store.committed();
  if (mode === 'transparent') {
    const proxy = input.withoutPassword ? {} : { proxy: { userName, password: clientPassword } };
    return {
      device: describeDevice(parts, existing(parts, id)),
      dmAcc: '',
      ...proxy,
      address: parts.proxyUrl?.() ?? '',
      trust: parts.trust,
    };
  }
  const address = settings.southUrl() + (settings.paths[0] ?? '');
  const type = scheme === 'md5' ? ('DIGEST' as const) : ('BASIC' as const);
  const dmAcc = dmAccTnds({
    id: settings.serverId,
    serverId: settings.serverId,
    name: settings.name,
    addresses: [{ addr: address, addrType: 'URI' }],
    client: { type, name: userName, secret: clientPassword },
    server: { type, name: settings.serverId, secret: serverPassword },
  });
  return { device: describeDevice(parts, existing(parts, id)), dmAcc, address, trust: parts.trust };
}

/** 2948 is where devices listen for triggers. @see OMA DM Notification 1.2 § 6 */
const usualPort = 2948;

function told({ trigger: { by, port = usualPort } }: NewDevice): Pick<DeviceSummary, 'trigger'> {
  if (by === 'none') return {};
  return { trigger: by === 'udp' ? { by, port } : { by } };
}

async function removeDevice(parts: GatewayServiceParts, id: string): Promise<void> {
  const device = existing(parts, id);
  if (device.origin === 'config') throw new PosternError('control.declared', { what: 'device', id });
  parts.gateway.forget(id);
  await parts.store.committed();
}

async function addAccount(parts: GatewayServiceParts, input: NewAccount): Promise<AccountAnswer> {
  const owner = input.device ?? gatewayOwner;
  if (input.device !== undefined) existing(parts, input.device);
  if (parts.store.accounts.get(owner, input.serverId) !== undefined) {
    throw new PosternError('control.exists', { what: 'account', id: input.serverId });
  }
  const account = accountFrom(parts, input, owner);
  parts.store.accounts.declare(account);
  parts.gateway.correlation.reconcile();
  await parts.store.committed();
  return describeAccount(parts, account);
}

function accountFrom({ devId }: GatewayServiceParts, input: Omit<NewAccount, 'device'>, owner: string): Account {
  const { serverId, address, scheme, encoding, allowPlainHttp } = input;
  const userName = input.userName ?? (owner === gatewayOwner ? devId : owner);
  const server = input.serverPassword;
  const { rights, polling } = input;
  return {
    owner,
    serverId,
    name: input.name ?? serverId,
    address,
    scheme,
    userName,
    clientSecret: keptSecret(scheme, userName, input.clientPassword, true),
    ...(server === undefined ? {} : { serverSecret: keptSecret(scheme, serverId, server, false) }),
    encoding,
    allowPlainHttp,
    correlation: owner === gatewayOwner ? (input.correlation ?? 'own-devices') : 'none',
    priority: input.priority ?? usualPriority,
    ...(rights === undefined ? {} : { rights }),
    ...(polling === undefined ? {} : { polling }),
    origin: 'added',
  };
}

async function removeAccount(parts: GatewayServiceParts, owner: string, serverId: string): Promise<void> {
  const account = existingAccount(parts, owner, serverId);
  if (account.origin === 'config') throw new PosternError('control.declared', { what: 'account', id: serverId });
  parts.store.accounts.remove(owner, serverId);
  await parts.store.committed();
}

/** What a trial session came to. */
function testSteps(end: Extract<NorthTurn, { kind: 'end' }>) {
  const reached = end.reason !== 'silence';
  const known = reached && end.reason !== 'refused-by-peer';
  const proved = known && end.reason !== 'peer-not-authenticated' && end.proof !== 'wrong';
  const more = end.detail ?? (end.status === undefined ? '' : `status ${end.status}`);
  const steps = [
    { name: 'the server answers', ok: reached, detail: reached ? '' : more },
    { name: 'it takes our credentials', ok: known, detail: reached && !known ? more : '' },
    { name: 'it proves who it is', ok: proved, detail: known ? proofDetails[proved ? (end.proof ?? 'given') : 'wrong'] : '' },
    { name: 'the session ends in order', ok: end.reason === 'complete' || end.reason === 'aborted', detail: proved ? end.reason : '' },
  ];
  return { ok: steps.every(({ ok }) => ok), steps };
}

const proofDetails = {
  given: '',
  wrong: 'its credentials are wrong or missing',
  'not-shown': 'not shown: it asked for nothing, so it could not be asked for proof; its certificate is good',
} as const;

function existing({ store }: GatewayServiceParts, id: string): DeviceSummary {
  const device = store.inventory.find(id);
  if (device === undefined) throw new PosternError('control.not-found', { what: 'device', id });
  return device;
}

function existingAccount({ store }: GatewayServiceParts, owner: string, serverId: string): Account {
  const account = store.accounts.get(owner, serverId);
  if (account === undefined) throw new PosternError('control.not-found', { what: 'account', id: serverId });
  return account;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
