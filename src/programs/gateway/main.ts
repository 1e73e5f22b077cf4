import { join } from 'node:path';
import { controlApi, createGatewayService } from '#src/api/index.js';
import {
  Counters,
  createProgramLog,
  type Log,
  Opened,
  type PosternError,
  type ProgramLog,
  SteadyClock,
  systemClock,
  systemEntropy,
} from '#src/base/index.js';
import { exitCodes, type RunOptions } from '#src/cli/index.js';
import { type GatewayConfig, loadGatewayConfig } from '#src/config/index.js';
import { controlSocketName } from '#src/control/index.js';
import { Gateway, type GatewayStore } from '#src/gateway/index.js';
import { clientTlsOptions, loadSealer, openLocalCa, openStateDirectory, redactSecrets } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';
import { createDmClient, createRecorder, serveHealth, serveUnix } from '#src/transport/index.js';
import { readVersion } from '../postern/version.js';
import { declareConfigured } from './declare.js';
import { openDeviceWires } from './device-wires.js';
import { openEmbeddedBroker } from './doors/broker.js';
import { dhcpDoor, openDiscovery, type RunningDiscovery } from './doors/discovery.js';
import { Doors } from './doors/doors.js';
import { openForwardProxy } from './doors/forward-proxy.js';
import { openSouth } from './doors/south.js';
import { openTriggerCarriers } from './doors/trigger-carriers.js';
import { diagnosticsSources } from './health/diagnostics.js';
import { keepRunning, type Running } from './health/keep-running.js';
import { openMetrics } from './health/metrics.js';
import { watchOverload } from './health/overload.js';
import { passingTrouble, untilWorthATry } from './health/passing-trouble.js';
import { isDamage, type SafeModeParts, startSafeMode } from './health/safe-mode.js';
import { type GatewayState, wellness } from './health/wellness.js';
import { OwnHardwareProbe } from './own-hardware.js';
import { settingsFrom } from './settings.js';
import { readTrust } from './trust.js';

/** How long open sessions may take to end when the gateway is told to stop. */
const drainTime = 7_000;
/** How long the last answers may take to leave. */
const lastAnswers = 1_000;

/** The gateway: read what is configured, open what is kept, listen, and stop in order. If what is kept cannot be used: safe mode. */
export async function main(options: RunOptions): Promise<number> {
  const config = loadGatewayConfig(options.config);
  const log = await createProgramLog({ ...config.log, ...(options.json ? { format: 'json' } : {}), redact: redactSecrets });
  const directory = stateDirectory(config, options);
  const start = () =>
    Opened.during((opened) => startGateway(config, options, log, opened)).catch((error: unknown) =>
      startWithout(error, { config, directory, log }),
    );
  await keepRunning(start, log);
  return exitCodes.ok;
}

/** What goes on although the gateway cannot start. @throws what it cannot start for, where that would be no help */
async function startWithout(error: unknown, parts: Omit<SafeModeParts, 'damage' | 'opened'>): Promise<Running> {
  const { directory, log } = parts;
  const trouble = passingTrouble(error, directory);
  if (trouble === undefined && !isDamage(error)) throw error;
  const damage = trouble ?? (error as PosternError);
  const stop = await Opened.during((opened) => startSafeMode({ ...parts, damage, passes: trouble !== undefined, opened }));
  if (trouble === undefined) return { stop };
  const attempt = () =>
    openGatewayStore({ directory, sealer: loadSealer({ directory, env: process.env }), clock: systemClock, log }).close();
  return { stop, again: untilWorthATry({ directory, trouble, attempt, clock: systemClock }) };
}

async function startGateway(config: GatewayConfig, options: RunOptions, log: ProgramLog, opened: Opened): Promise<Running> {
  const clock = new SteadyClock(systemClock, log);
  const entropy = systemEntropy;
  const directory = stateDirectory(config, options);
  const sealer = loadSealer({ directory, env: process.env });
  const store = openGatewayStore({
    directory,
    sealer,
    clock,
    log,
    limits: storeLimits(config),
  });
  opened.add(() => store.close());
  const recorder = options.record === undefined ? undefined : createRecorder(options.record, log);
  const devId = ownDevId(store);
  const version = readVersion();
  const ca = await openLocalCa({ directory, clock, sealer });
  const owner = options.withOwnerServer ? await loadOwnerServer(directory, options.ownerServerConfig, log) : undefined;
  opened.add(() => owner?.stop(0));

  declareConfigured(config, store, devId);
  await store.committed();
  await owner?.introduce(store, devId);

  const trust = [ca.certificate, ...(owner?.caPem === undefined ? [] : [owner.caPem]), ...readTrust(config.north.trust)];
  const maxResponseBytes = config.limits.messageBytes;
  const north = recorder === undefined ? {} : { recorder: recorder.leg('north') };
  const clients = createDmClient({ tls: clientTlsOptions({ trust, clock }), log, maxResponseBytes, clock, ...north });
  let url = '';
  let plainUrl: string | undefined;
  let proxyUrl: string | undefined;
  let discovery: RunningDiscovery | undefined;
  const settings = settingsFrom(config, { southUrl: () => url, southPlainUrl: () => plainUrl });
  const deviceWires = openDeviceWires(log);
  const counters = new Counters();
  const overload = watchOverload({ limits: config.limits, counters, clock, log });
  opened.add(() => overload.stop());
  const hardware = new OwnHardwareProbe({ clock, log });
  const gateway = new Gateway(
    { settings, store, clients, deviceWires, counters, overload, clock, entropy, log },
    { devId, softwareVersion: version, hardware: () => hardware.known },
  );

  let state: GatewayState = 'starting';
  const startedAt = clock.monotonic();
  const uptime = () => (clock.monotonic() - startedAt) / 1000;
  const well = wellness({ state: () => state, store, overload });
  const doors = new Doors();
  const service = createGatewayService({
    gateway,
    store,
    settings,
    entropy,
    devId,
    version,
    trust: ca.certificate,
    proxyUrl: () => proxyUrl,
    ...dhcpDoor(config, () => discovery),
    ...(owner === undefined ? {} : { ownerAccount: (device: string) => owner.openAccount(device, device) }),
    uptime,
    state: () => state,
    ...well,
    unreadable: () => store.unreadable,
    doubts: () => (clock.doubt === undefined ? [] : [clock.doubt]),
    diagnostics: diagnosticsSources({ config, store, doors, clock, entropy, log, metrics: () => metrics.read() }),
  });
  const isReady = () => well.reasons().length + well.broken().length === 0;
  const metrics = openMetrics({
    counters,
    overload,
    gateway,
    store,
    version,
    uptime,
    isReady,
    brokerConnections: () => doors.count('broker'),
  });
  opened.add(() => metrics.stop());
  const { fetch } = controlApi(service, log, metrics.page);
  const door = { fetch: (request: Request) => fetch(request), log };
  const socket = config.control.socket ?? join(directory, controlSocketName);
  const control = await serveUnix({ socket, ...door });
  opened.add(() => control.close(0));
  const health = config.health.port === undefined ? undefined : await serveHealth({ port: config.health.port, counters, ...door });
  opened.add(() => health?.close(0));
  const south = await openSouth({ config, directory, sealer, gateway, counters, overload, clock, log, recorder: recorder?.leg('south') });
  ({ url, plainUrl } = south);
  doors.add('south', south);
  opened.add(() => south.close(0));
  const proxy = await openForwardProxy({ config, directory, sealer, gatekeeper: gateway.gatekeeper, counters, overload, clock, log });
  opened.add(() => proxy?.close(0));
  proxyUrl = proxy?.url;
  doors.add('proxy', proxy);
  const broker = await openEmbeddedBroker({
    config,
    directory,
    sealer,
    store,
    logins: gateway.logins,
    sightings: gateway.sightings,
    counters,
    overload,
    clock,
    log,
  });
  opened.add(() => broker?.close(0));
  deviceWires.publishBy(broker?.publisher);
  doors.add('broker', broker);
  const carriers = await openTriggerCarriers({ config, directory, sealer, gateway, devId, trust, counters, overload, clock, entropy, log });
  doors.add('trigger', carriers);
  gateway.start();
  discovery = await openDiscovery({ config, devId, sightings: gateway.sightings, southUrl: url, counters, clock, entropy, log });
  opened.add(() => discovery?.close());
  state = 'running';
  const triggers = carriers.addresses.length === 0 ? {} : { triggers: carriers.addresses };
  log.info(
    { url: url + (settings.paths[0] ?? ''), ...triggers, socket, state: directory, ca: join(directory, 'ca.pem'), devId },
    'listening',
  );

  void hardware.look();

  const stop = async () => {
    state = 'draining';
    hardware.stop();
    await discovery?.close();
    await carriers.close(lastAnswers);
    const ends = await Promise.allSettled([gateway.stop(drainTime), proxy?.close(drainTime), broker?.close(lastAnswers)]);
    await south.close(lastAnswers);
    await Promise.all([control.close(lastAnswers), health?.close(lastAnswers), owner?.stop(lastAnswers)]);
    metrics.stop();
    overload.stop();
    deviceWires.close();
    clients.close();
    await recorder?.written();
    store.close();
    // What could not be kept at the end is told, once all is closed.
    await Promise.all(ends.map((end) => (end.status === 'rejected' ? Promise.reject(end.reason) : undefined)));
  };
  return { stop, broken: Promise.race([store.broken, ...(owner === undefined ? [] : [owner.broken])]) };
}

function stateDirectory(config: GatewayConfig, options: RunOptions): string {
  return openStateDirectory({ env: { STATE_DIRECTORY: options.state ?? config.state ?? process.env['STATE_DIRECTORY'] } });
}

function storeLimits({ retry }: GatewayConfig) {
  return { outboxRows: retry.alertsPerDevice, outboxAge: retry.maxAge };
}

/** The gateway's own DevId, made once. @see OMA DM StdObj 1.2 § 5.3.2 */
function ownDevId(store: GatewayStore): string {
  const known = store.identity.get('devId');
  if (known !== undefined) return known;
  const devId = `urn:uuid:${systemEntropy.uuid()}`;
  store.identity.put('devId', devId);
  return devId;
}

/** Loaded only where it runs: most gateways are managed by servers elsewhere. */
async function loadOwnerServer(directory: string, config: string | undefined, log: Log) {
  const { startOwnerServer } = await import('./owner-server.js');
  return startOwnerServer(directory, config, log);
}
