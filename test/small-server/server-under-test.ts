import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Log, ManualClock, silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { defaultDecodeLimits } from '#src/dm/syncml/index.js';
import { type Credentials, createSealer, openLocalCa, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import {
  defaultSmallServerSettings,
  type NewClient,
  type SendTrigger,
  SmallServer,
  type SmallServerSettings,
} from '#src/small-server/index.js';
import { type OpenSmallServerStore, openSmallServerStore, type SmallServerStoreLimits } from '#src/store/index.js';
import { serveDm } from '#src/transport/index.js';

export const device: NewClient = { id: 'urn:imei:490154203237518', scheme: 'md5', clientPassword: 'open', serverPassword: 'sesame' };

export interface ServerUnderTest {
  readonly server: SmallServer;
  readonly store: OpenSmallServerStore;
  readonly clock: ManualClock;
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** What it logged, as `level: sentence`. */
  readonly said: string[];
  /** As a crash: open sessions and connections are gone, the store is closed. */
  crash(): Promise<void>;
}

export interface TestOptions {
  readonly directory?: string;
  readonly clients?: readonly NewClient[];
  readonly plain?: boolean;
  readonly settings?: Partial<SmallServerSettings>;
  readonly sendTrigger?: SendTrigger;
  readonly limits?: Partial<SmallServerStoreLimits>;
  /** Stands before each commit. */
  readonly beforeCommit?: () => Promise<void>;
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A small DM server on a free port, with a real file and real TLS; its time stands still. */
export async function startServer(options: TestOptions = {}): Promise<ServerUnderTest> {
  const directory = options.directory ?? temporaryDirectory();
  const store = openSmallServerStore({
    directory,
    sealer: createSealer(Buffer.alloc(32, 1)),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const clock = new ManualClock();
  const kept = { ...store, committed: async () => void (await Promise.all([store.committed(), options.beforeCommit?.()])) };
  const said: string[] = [];
  let origin = '';
  const settings = { ...defaultSmallServerSettings, serverId: 'owner', path: '/dm', decode: defaultDecodeLimits, url: () => origin };
  const server = new SmallServer({
    settings: { ...settings, ...options.settings },
    store: kept,
    sendTrigger: options.sendTrigger ?? (async () => {}),
    clock,
    entropy: systemEntropy,
    log: listening(said),
  });
  for (const client of options.clients ?? [device])
    if (!server.clients().some(({ id }) => id === client.id)) await server.addClient(client);
  const { credentials, ca } = await tls();
  const limits = { bodyBytes: 1_048_576, headerTimeout: 10_000, bodyTimeout: 10_000, answerTimeout: 10_000, maxConnections: 50 };
  const endpoint = await serveDm({
    listen: '127.0.0.1',
    port: 0,
    ...(options.plain === true ? {} : { tls: serverTlsOptions({ credentials }) }),
    accepts: (path) => server.accepts(path),
    handler: server.handler,
    limits,
    log: silentLog,
  });
  origin = `${options.plain === true ? 'http' : 'https'}://127.0.0.1:${endpoint.port}`;
  const crash = async () => {
    await endpoint.close(0);
    store.close();
  };
  onTestFinished(crash);
  return { server, store, clock, url: `${origin}/dm`, ca, said, crash };
}

let shared: Promise<{ credentials: Credentials; ca: string }> | undefined;

/** Making keys takes time: one authority serves all tests of a file. */
function tls(): Promise<{ credentials: Credentials; ca: string }> {
  shared ??= makeTls();
  return shared;
}

async function makeTls() {
  const directory = mkdtempSync(join(tmpdir(), 'postern-'));
  const credentials = await serverCredentials({ directory, names: ['127.0.0.1'], clock: systemClock });
  const ca = (await openLocalCa({ directory, clock: systemClock })).certificate;
  rmSync(directory, { recursive: true });
  return { credentials, ca };
}

function listening(said: string[]): Log {
  const hear = (level: string) => (_fields: object, message: string) => void said.push(`${level}: ${message}`);
  return { debug: hear('debug'), info: hear('info'), warn: hear('warn'), error: hear('error') };
}
