import type { AccountAnswer, DiagnosticsAnswer } from '#src/control/index.js';
import { type ControlService, type DeviceAnswer, mostListed } from '#src/control/index.js';
import { type Account, type DeviceSummary, type Gateway, type GatewayStore, gatewayOwner } from '#src/gateway/index.js';
import { type DevicesAre, type DiagnosticsSources, type More, makeBundle, type Told } from './diagnostics.js';

/** What a running gateway can tell besides. */
export interface RunningSources extends DiagnosticsSources {
  readonly metrics: () => NonNullable<More['metrics']>;
  /** How many connections are open at each door. */
  readonly connections: () => Readonly<Record<string, number>>;
  readonly database: () => Omit<NonNullable<DiagnosticsAnswer['database']>, 'unreadableRows'>;
}

export interface DiagnosticsServiceParts {
  readonly gateway: Gateway;
  readonly store: GatewayStore;
  readonly devId: string;
  /** Rows of the database that are left out. */
  readonly unreadable?: () => readonly string[];
  readonly sources: RunningSources;
  readonly told: () => Told;
  readonly describe: (device: DeviceSummary) => DeviceAnswer;
  readonly describeAccount: (account: Account) => AccountAnswer;
}

/** Everything that helps to find what is wrong; bounded, and without a secret. */
export function createDiagnosticsService(parts: DiagnosticsServiceParts): Pick<ControlService, 'diagnostics'> {
  const { store, devId, sources, told } = parts;
  const masking = { isDevice: (word: string) => store.inventory.epoch(word) !== undefined, nobodys: [devId] };
  return { diagnostics: async ({ devices }) => makeBundle(sources, told(), describeRunning(parts, devices), devices, masking) };
}

function describeRunning(parts: DiagnosticsServiceParts, devicesAre: DevicesAre): More {
  const { sources, unreadable } = parts;
  return {
    metrics: sources.metrics(),
    connections: { ...sources.connections() },
    accounts: describeAccounts(parts),
    devices: describeDevices(parts, devicesAre),
    sessions: describeSessions(parts.gateway),
    queues: describeQueues(parts),
    database: { ...sources.database(), unreadableRows: unreadable?.().length ?? 0 },
  };
}

function describeAccounts({ store, describeAccount }: DiagnosticsServiceParts): NonNullable<More['accounts']> {
  const ofDevices: Record<string, number> = {};
  for (const origin of ['config', 'added'] as const) {
    for (const { owner, serverId } of store.accounts.declaredBy(origin)) {
      if (owner !== gatewayOwner) ofDevices[serverId] = (ofDevices[serverId] ?? 0) + 1;
    }
  }
  return { own: store.accounts.list(gatewayOwner).map(describeAccount), ofDevices };
}

function describeDevices({ store, describe }: DiagnosticsServiceParts, devicesAre: DevicesAre): NonNullable<More['devices']> {
  const { inventory } = store;
  const first = devicesAre === 'shown' ? { first: inventory.list({ limit: mostListed }).map(describe) } : {};
  return { byStatus: Object.fromEntries(inventory.presences()), byScheme: Object.fromEntries(inventory.schemes()), ...first };
}

function describeSessions(gateway: Gateway): NonNullable<More['sessions']> {
  const open = gateway.sessions().slice(0, mostListed);
  return {
    open: open.map((session) => ({ ...session, startedAt: isoTime(session.startedAt) })),
    ended: gateway.endings().map((ending) => ({ ...ending, endedAt: isoTime(ending.endedAt) })),
  };
}

function describeQueues({ gateway, store }: DiagnosticsServiceParts): NonNullable<More['queues']> {
  const due = store.outbox.due().slice(0, mostListed);
  return {
    reports: store.outbox.total(),
    due: due.map(({ owner, serverId, nextAt }) => ({ owner, serverId, nextAt: isoTime(nextAt) })),
    triggers: gateway.triggers.list().length,
    messages: store.deviceQueue.load(),
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
