import { join } from 'node:path';
import { controlApi, createGatewayService } from '#src/api/index.js';
import { createProgramLog, type Log, systemClock, systemEntropy } from '#src/base/index.js';
import { exitCodes, type RunOptions } from '#src/cli/index.js';
import { type GatewayConfig, loadGatewayConfig } from '#src/config/index.js';
import { controlSocketName } from '#src/control/index.js';
import { type Environment, Gateway, type GatewayStore } from '#src/gateway/index.js';
import { clientTlsOptions, loadSealer, openLocalCa, openStateDirectory, redaction } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';
import { createDmClient, createRecorder, serveHealth, serveUnix } from '#src/transport/index.js';
import { readVersion } from '../postern/version.js';
import { untilStopped } from '../until-stopped.js';
import { declareConfigured } from './declare.js';
import { settingsFrom } from './settings.js';
import { openSouth } from './south.js';
import { readTrust } from './trust.js';

/** How long open sessions may take to end when the gateway is told to stop. */
const drainTime = 7_000;
/** How long the last answers may take to leave. */
const lastAnswers = 1_000;

/** The gateway: read what is configured, open what is kept, listen, and stop in order. */
export async function main(options: RunOptions): Promise<number> {
  const config = loadGatewayConfig(options.config);
  const log = await createProgramLog({ ...config.log, ...(options.json ? { format: 'json' } : {}), redact: redaction.paths });
  const running = await startGateway(config, options, log);
  const signal = await untilStopped();
  log.info({ signal }, 'stopping');
  await running.stop();
  log.info({}, 'stopped');
  return exitCodes.ok;
}

interface Running {
  stop(): Promise<void>;
}

async function startGateway(config: GatewayConfig, options: RunOptions, log: Log): Promise<Running> {
  const clock = systemClock;
  const startedAt = clock.monotonic();
  const directory = openStateDirectory({ env: { STATE_DIRECTORY: options.state ?? config.state ?? process.env['STATE_DIRECTORY'] } });
  const sealer = loadSealer({ directory, env: process.env });
  const store = openGatewayStore({
    directory,
    sealer,
    clock,
    log,
    limits: { outboxRows: config.retry.alertsPerDevice, outboxAge: config.retry.maxAge },
  });
  const recorder = options.record === undefined ? undefined : createRecorder(options.record, log);
  const devId = ownDevId(store);
  const ca = await openLocalCa({ directory, clock });
  const tls = clientTlsOptions({ trust: [ca.certificate, ...readTrust(config.north.trust)] });
  const clients = createDmClient({
    tls,
    log,
    maxResponseBytes: config.limits.messageBytes,
    clock,
    ...(recorder === undefined ? {} : { recorder: recorder.leg('north') }),
  });

  let url = '';
  const settings = settingsFrom(config, () => url);
  const env: Environment = { settings, store, clients, clock, entropy: systemEntropy, log };
  declareConfigured(config, store, devId);
  await store.committed();

  const version = readVersion();
  const gateway = new Gateway(env, { devId, softwareVersion: version });
  let state: 'starting' | 'running' | 'draining' = 'starting';
  const service = createGatewayService({
    gateway,
    store,
    settings,
    entropy: systemEntropy,
    devId,
    version,
    trust: ca.certificate,
    uptime: () => (clock.monotonic() - startedAt) / 1000,
    state: () => state,
    reasons: () => (state === 'running' ? [] : [`the gateway is ${state}`]),
  });
  const { fetch } = controlApi(service, log);
  const socket = config.control.socket ?? join(directory, controlSocketName);
  const control = await serveUnix({ socket, fetch: (request) => fetch(request), log });
  const health =
    config.health.port === undefined ? undefined : await serveHealth({ port: config.health.port, fetch: (request) => fetch(request), log });
  const south = await openSouth({
    config,
    directory,
    gateway,
    clock,
    log,
    ...(recorder === undefined ? {} : { recorder: recorder.leg('south') }),
  });
  url = south.url;
  const owner = options.withOwnerServer ? await introduceOwnerServer(directory, store, devId, options, log) : undefined;
  gateway.start();
  state = 'running';
  log.info(
    { url: settings.southUrl() + (settings.paths[0] ?? ''), socket, state: directory, ca: join(directory, 'ca.pem'), devId },
    'listening',
  );

  return {
    async stop() {
      state = 'draining';
      await gateway.stop(drainTime);
      await south.close(lastAnswers);
      await Promise.all([control.close(1_000), health?.close(1_000), owner?.stop()]);
      clients.close();
      await recorder?.written();
      store.close();
    },
  };
}

/** The gateway's own DevId, made once. @see OMA DM StdObj 1.2 § 5.3.2 */
function ownDevId(store: GatewayStore): string {
  const known = store.identity.get('devId');
  if (known !== undefined) return known;
  const devId = `urn:uuid:${systemEntropy.uuid()}`;
  store.identity.put('devId', devId);
  return devId;
}

async function introduceOwnerServer(
  directory: string,
  store: GatewayStore,
  devId: string,
  options: RunOptions,
  log: Log,
): Promise<Running> {
  const { startOwnerServer } = await import('./owner-server.js');
  return startOwnerServer({ directory, store, devId, json: options.json, log });
}
