import { onTestFinished } from 'vitest';
import {
  type Clock,
  type Counters,
  type Entropy,
  type Log,
  ManualClock,
  type Overload,
  silentLog,
  systemEntropy,
} from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { defaultDecodeLimits } from '#src/dm/syncml/index.js';
import {
  type Account,
  type DeviceDeclaration,
  type DeviceWires,
  type DmClientFactory,
  type DmRequest,
  Gateway,
  type GatewaySettings,
  type GatewayStore,
  gatewayOwner,
  type OwnHardware,
  type SouthCredentials,
} from '#src/gateway/index.js';
import type { OpenGatewayStore, StoreLimits } from '#src/store/index.js';
import { createDmClient, serveDm } from '#src/transport/index.js';
import { openStore, temporaryDirectory } from '../store/store-fixture.js';
import type { FarServer } from './peers.js';

export const gatewayDevId = 'urn:uuid:6f1c6f0e-0000-4000-8000-000000000001';
export const deviceId = 'urn:imei:490154203237518';

export interface GatewayOptions {
  readonly settings?: Partial<GatewaySettings>;
  readonly clock?: ManualClock;
  /** How the gateway reads that clock; absent: as it is. */
  readonly time?: Clock;
  readonly entropy?: Partial<Entropy>;
  readonly directory?: string;
  readonly limits?: Partial<StoreLimits>;
  /** Stands before each commit that something waits for. */
  readonly beforeCommit?: () => Promise<void>;
  /** Whether requests count as encrypted; by default they are the plain http that they are. */
  readonly encrypted?: boolean;
  readonly deviceWires?: DeviceWires;
  readonly hardware?: OwnHardware;
  readonly counters?: Counters;
  readonly overload?: Overload;
  /** Instead of real sockets north. */
  readonly clients?: DmClientFactory;
}

export interface GatewayUnderTest {
  readonly gateway: Gateway;
  readonly store: OpenGatewayStore;
  readonly settings: GatewaySettings;
  readonly clock: ManualClock;
  /** Where devices post package 1. */
  readonly url: string;
  readonly directory: string;
  readonly log: LogLine[];
  readonly requests: DmRequest[];
  stop(): Promise<void>;
  /** Ends it as a crash does, nothing said, and closes its files. */
  kill(): Promise<void>;
}

export interface LogLine {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** A gateway with a real store and real sockets on both legs; only its time is set by hand. */
export async function openGateway(options: GatewayOptions = {}): Promise<GatewayUnderTest> {
  const { clock = new ManualClock(), directory = temporaryDirectory(), encrypted, beforeCommit } = options;
  const time = options.time ?? clock;
  const store = openStore(directory, { clock: time, ...(options.limits === undefined ? {} : { limits: options.limits }) });
  const log: LogLine[] = [];
  const clients = options.clients ?? createDmClient({ tls: {}, log: silentLog, maxResponseBytes: 2_097_152, clock });
  let url = '';
  const settings = { ...defaults, southUrl: () => url, ...options.settings };
  const env = {
    settings,
    store: withPause(store, beforeCommit),
    clients,
    clock: time,
    entropy: { ...systemEntropy, ...options.entropy },
    log: logInto(log),
    ...(options.counters === undefined ? {} : { counters: options.counters }),
    ...(options.overload === undefined ? {} : { overload: options.overload }),
    ...(options.deviceWires === undefined ? {} : { deviceWires: options.deviceWires }),
  };
  const gateway = new Gateway(env, { devId: gatewayDevId, softwareVersion: '0.1.0', hardware: () => options.hardware });
  const requests: DmRequest[] = [];
  const endpoint = await serveDm({
    listen: '127.0.0.1',
    port: 0,
    accepts: (path) => gateway.accepts(path),
    handler: (request) => {
      requests.push(request);
      return gateway.handler(encrypted === undefined ? request : { ...request, encrypted });
    },
    polls: {
      accepts: (path) => gateway.acceptsPoll(path),
      handler: (poll) => gateway.pollHandler(encrypted === undefined ? poll : { ...poll, encrypted }),
      answerTimeout: 3_600_000,
    },
    limits: { bodyBytes: 2_097_152, headerTimeout: 10_000, bodyTimeout: 10_000, answerTimeout: 25_000, maxConnections: 50 },
    log: silentLog,
  });
  url = `http://127.0.0.1:${endpoint.port}`;
  let ended: Promise<void> | undefined;
  const end = async (graceful: boolean) => {
    if (graceful) await gateway.stop(0).catch(() => {});
    await endpoint.close(0);
    clients.close();
    store.close();
  };
  const stop = () => {
    if (ended === undefined) {
      ended = end(true);
      clock.advance(0);
    }
    return ended;
  };
  const kill = () => {
    ended ??= end(false);
    return ended;
  };
  onTestFinished(() => stop());
  return { gateway, store, settings, clock, url: `${url}/dm`, directory, log, requests, stop, kill };
}

/** Declares the device that {@link FarDevice} is, with an account at each server. */
export function declareDevice(
  under: GatewayUnderTest,
  servers: readonly FarServer[] = [],
  device: Partial<DeviceDeclaration> = {},
): DeviceDeclaration {
  const { id = deviceId } = device;
  const scheme = device.south?.scheme ?? 'md5';
  const declared: DeviceDeclaration = {
    id,
    mode: 'proxy',
    origin: 'added',
    south: {
      scheme,
      userName: 'device',
      clientSecret: keptSecret(scheme, 'device', 'device-password', false),
    },
    allowPlainHttp: true,
    polling: 'always',
    ...device,
  };
  under.store.inventory.declare(declared);
  for (const server of servers) under.store.accounts.declare(accountAt(server, id));
  return declared;
}

/** Credentials for both directions, as {@link FarDevice} has them with `serverPassword: 'gateway-password'`. */
export const mutual: SouthCredentials = {
  scheme: 'md5',
  userName: 'device',
  clientSecret: keptSecret('md5', 'device', 'device-password', false),
  serverSecret: keptSecret('md5', 'postern', 'gateway-password', true),
};

export function accountAt(server: FarServer, owner: string, more: Partial<Account> = {}): Account {
  const { scheme = 'basic', password = 'north-password', serverPassword } = server.script;
  const userName = owner === gatewayOwner ? 'the-gateway' : `user-of-${owner}`;
  return {
    owner,
    serverId: server.serverId,
    name: 'Operator',
    address: server.url,
    scheme,
    userName,
    clientSecret: keptSecret(scheme, userName, password, true),
    ...(serverPassword === undefined ? {} : { serverSecret: keptSecret(scheme, server.serverId, serverPassword, false) }),
    encoding: 'xml',
    allowPlainHttp: true,
    correlation: owner === gatewayOwner ? 'own-devices' : 'none',
    priority: 100,
    origin: 'added',
    ...more,
  };
}

/** Lets the gateway tell this server of devices. */
export function declareOwnAccount(under: GatewayUnderTest, server: FarServer, more: Partial<Account> = {}): void {
  under.store.accounts.declare(accountAt(server, gatewayOwner, more));
}

const defaults: Omit<GatewaySettings, 'southUrl'> = {
  serverId: 'postern',
  name: 'home',
  paths: ['/dm'],
  decode: defaultDecodeLimits,
  offer: { maxMsgSize: 65_536, maxObjSize: 1_048_576 },
  answerTimeout: 8_000,
  deviceWait: 25_000,
  sessionIdle: 300_000,
  repeatWindow: 120_000,
  maxSessions: 100,
  retry: { first: 1_000, cap: 60_000, maxAge: 3_600_000 },
  respUriHosts: [],
};

/** What a test does not let be kept is lost, as the store itself counts it. */
function withPause(store: OpenGatewayStore, beforeCommit: GatewayOptions['beforeCommit']): GatewayStore {
  if (beforeCommit === undefined) return store;
  let losses = 0;
  const pause = async () => {
    try {
      await beforeCommit();
    } catch (error) {
      losses += 1;
      throw error;
    }
  };
  return {
    ...store,
    committed: () => pause().then(() => store.committed()),
    get losses() {
      return losses;
    },
  };
}

function logInto(lines: LogLine[]): Log {
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
