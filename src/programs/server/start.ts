import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSmallServerService, smallServerApi } from '#src/api/index.js';
import { type Clock, type Log, Opened, type PosternError, systemClock, systemEntropy } from '#src/base/index.js';
import type { SmallServerConfig } from '#src/config/index.js';
import { smallServerSocketName } from '#src/control/index.js';
import { defaultDecodeLimits } from '#src/dm/syncml/index.js';
import {
  type Credentials,
  loadSealer,
  openLocalCa,
  openStateDirectory,
  type Sealer,
  serverCredentials,
  serverTlsOptions,
} from '#src/security/index.js';
import { defaultSmallServerSettings, type Environment, SmallServer } from '#src/small-server/index.js';
import { openSmallServerStore } from '#src/store/index.js';
import { createRecorder, type DmEndpoint, type Recorder, serveDm, serveUnix } from '#src/transport/index.js';
import { namesOf, originOf } from '../own-addresses.js';
import { triggerSenderFor } from './trigger-sender-for.js';

/** Where a small DM server keeps its state and is operated. */
export interface SmallServerPlace {
  /** A directory of its own, 0700. */
  readonly directory: string;
  readonly socket: string;
}

export interface SmallServerOptions extends SmallServerPlace {
  readonly config: SmallServerConfig;
  readonly log: Log;
  /** A folder for every raw message. */
  readonly record?: string | undefined;
}

export interface RunningSmallServer {
  /** Where clients post package 1. */
  readonly url: string;
  readonly serverId: string;
  /** The authority that issued its certificate, PEM; absent where the configuration names a certificate. */
  readonly caPem?: string;
  /** Its clients and their commands: a program that holds both ends enrols them here. */
  readonly server: SmallServer;
  /** Resolves with the reason when it can keep nothing more: it is stopped then. */
  readonly broken: Promise<PosternError>;
  /** Lets open sessions end for as long as `grace`, then closes everything. What was acknowledged is durable. */
  stop(grace: number): Promise<void>;
}

/** The place of a small DM server inside a program's state folder: the socket lies where the command line looks for it. */
export function placeBelow(state: string): SmallServerPlace {
  const directory = openStateDirectory({ env: { STATE_DIRECTORY: join(state, 'server') } });
  return { directory, socket: join(state, smallServerSocketName) };
}

/**
 * Starts a small DM server in this process; logs `listening` with its address, its socket and the file of its CA.
 * @throws PosternError what keeps it from starting; nothing is left open then
 */
export function startSmallServer(options: SmallServerOptions): Promise<RunningSmallServer> {
  return Opened.during((opened) => start(options, opened));
}

const path = '/dm';
/** How long the last answers may take to leave. */
const lastAnswers = 1_000;

async function start(options: SmallServerOptions, opened: Opened): Promise<RunningSmallServer> {
  const { config, directory, socket, log } = options;
  const clock = systemClock;
  const sealer = loadSealer({ directory, env: process.env });
  const store = openSmallServerStore({ directory, sealer, log });
  opened.add(() => store.close());
  let origin = '';
  const { serverId, triggers } = config;
  const settings = { ...defaultSmallServerSettings, serverId, path, triggers, decode: defaultDecodeLimits, url: () => origin };
  const env: Environment = { settings, store, sendTrigger: triggerSenderFor(config, clock, log), clock, entropy: systemEntropy, log };
  const server = new SmallServer(env);
  server.declareConfigured(config.devices.map(clientFrom));
  await store.committed();

  const { fetch } = smallServerApi(createSmallServerService(server), log);
  const control = await serveUnix({ socket, fetch: (request) => fetch(request), log });
  opened.add(() => control.close(0));
  const shown = await certificate(options, sealer, clock);
  const recorder = options.record === undefined ? undefined : createRecorder(options.record, log);
  const endpoint = await listen(options, { server, clock, credentials: shown.credentials, recorder });
  opened.add(() => endpoint.close(0));
  origin = originOf(config.listen, endpoint.port, true);
  log.info({ url: origin + path, socket, ...(shown.caPem === undefined ? {} : { ca: join(directory, 'ca.pem') }) }, 'listening');

  return {
    url: origin + path,
    serverId: config.serverId,
    ...(shown.caPem === undefined ? {} : { caPem: shown.caPem }),
    server,
    broken: store.broken,
    async stop(grace) {
      const [end] = await Promise.allSettled([server.stop(grace)]);
      await Promise.all([endpoint.close(lastAnswers), control.close(lastAnswers)]);
      await recorder?.written();
      store.close();
      // What could not be kept at the end is told, once all is closed.
      if (end.status === 'rejected') throw end.reason;
    },
  };
}

function clientFrom({ id, userName, scheme, clientPassword, serverPassword, reach }: SmallServerConfig['devices'][number]) {
  return { id, userName, scheme, clientPassword: clientPassword.reveal(), serverPassword: serverPassword?.reveal(), reach };
}

interface Parts {
  readonly server: SmallServer;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly recorder: Recorder | undefined;
}

function listen({ config, log }: SmallServerOptions, { server, clock, credentials, recorder }: Parts): Promise<DmEndpoint> {
  return serveDm({
    listen: config.listen,
    port: config.port,
    tls: serverTlsOptions({ credentials }),
    accepts: (asked) => server.accepts(asked),
    handler: server.handler,
    limits: {
      bodyBytes: defaultDecodeLimits.bytes,
      headerTimeout: 10_000,
      bodyTimeout: 30_000,
      answerTimeout: 30_000,
      maxConnections: 256,
    },
    log,
    clock,
    // What a gateway and its DM server say to each other is the gateway's northern leg.
    ...(recorder === undefined ? {} : { recorder: recorder.leg('north') }),
  });
}

/** The configured certificate, else one of the local CA, which is made on first start. */
async function certificate(
  { config, directory }: SmallServerOptions,
  sealer: Sealer,
  clock: Clock,
): Promise<{ credentials: Credentials; caPem?: string }> {
  if (config.tls !== undefined) {
    return { credentials: { certificate: readFileSync(config.tls.cert, 'utf8'), key: readFileSync(config.tls.key, 'utf8') } };
  }
  const ca = await openLocalCa({ directory, clock, sealer });
  const credentials = await serverCredentials({ directory, names: namesOf(config.listen), clock, sealer });
  return { credentials, caPem: ca.certificate };
}
