import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCertificate } from './bench-authority.js';
import { clientPassword, deviceUser, serverId, serverPassword } from './bench-passwords.js';
import { type BenchProgram, startBenchProgram } from './bench-program.js';
import { CannedDevice, type Route } from './canned-device.js';
import type { DeviceEar } from './device-ear.js';
import { fillState } from './filled-state.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';
import { HeapWatch } from './heap-watch.js';
import { type WatchedDisk, watchDisk } from './watched-disk.js';

export interface SiteOptions {
  readonly devices: number;
  readonly mode: 'proxy' | 'transparent';
  /** Further devices that the gateway knows and that never come. */
  readonly known?: number;
  /** Everybody speaks TLS: devices, gateway, pass-through, server; to the forward proxy it is within tunnels only. */
  readonly tls?: boolean;
  /** The gateway's fsyncs are counted, and each takes so many milliseconds longer. */
  readonly syncDelay?: number;
  /** The gateway tells what it holds. */
  readonly watchHeap?: boolean;
  /** Where the devices hear of triggers, one for each; without them nobody triggers anything. */
  readonly ears?: readonly DeviceEar[];
  /** Further sections of the gateway's configuration. */
  readonly sections?: Readonly<Record<string, object>>;
  /** Further devices in its configuration. */
  readonly further?: readonly object[];
  /** The gateway runs as this user (and group), by this command. */
  readonly runs?: { readonly as: number; readonly by: readonly string[] };
}

/** A gateway, a server that answers from a template, and a raw pass-through to it, each in a process of its own. */
export interface GatewaySite {
  readonly gateway: GatewayProcess;
  readonly server: BenchProgram;
  readonly passThrough: BenchProgram;
  /** The gateway's state folder. */
  readonly state: string;
  /** Where it listens. */
  readonly ports: Readonly<Record<'south' | 'proxy', number>>;
  /** With `syncDelay`. */
  readonly disk: WatchedDisk | undefined;
  /** With `watchHeap`. */
  readonly heap: HeapWatch | undefined;
  /** Devices that come to the gateway's own endpoint. */
  proxied(): CannedDevice[];
  /** Devices that reach the server by the gateway's forward proxy. */
  relayed(form: 'absolute' | 'tunnel'): CannedDevice[];
  /** Devices that reach the server by the raw pass-through. */
  passed(form?: 'absolute' | 'tunnel'): CannedDevice[];
  /** One reading of the gateway's own metrics. */
  metric(name: string): Promise<number>;
  /** Tells the server something, by the words of its door. */
  tellServer(words: string): Promise<string>;
}

/** Runs the work on a site in a folder of its own, and clears up. */
export async function withGatewaySite<T>(options: SiteOptions, work: (site: GatewaySite) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'postern-bench-'));
  const running: { stop(): Promise<void> }[] = [];
  try {
    return await work(await openSite(options, folder, running));
  } finally {
    for (const program of running.reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openSite(options: SiteOptions, folder: string, running: { stop(): Promise<void> }[]): Promise<GatewaySite> {
  const kept = <R extends { stop(): Promise<void> }>(program: R): R => {
    running.push(program);
    return program;
  };
  const identity = options.tls ? await makeCertificate(folder) : undefined;
  const disk = options.syncDelay === undefined ? undefined : watchDisk(folder, options.syncDelay);
  const heap = options.watchHeap ? new HeapWatch(folder) : undefined;
  const server = kept(await startBenchProgram('canned-server', ...(identity === undefined ? [] : [identity.key, identity.certificate])));
  const [atServer = 0, door = 0] = server.ports;
  const passThrough = kept(await startBenchProgram('pass-through', String(atServer), ...Object.values(identity ?? {})));
  const state = path.join(folder, 'state');
  const [south, proxy, health] = [await freePort(), await freePort(), await freePort()];
  const config = await writeConfig(folder, { ...options, server: atServer, south, proxy, health, trust: identity?.authority });
  if (options.known !== undefined) {
    await (await startGateway(state)).stop();
    await fillState(state, options.known);
  }
  if (options.runs !== undefined) spawnSync('chown', ['-R', `${options.runs.as}:${options.runs.as}`, folder]);
  const gateway = kept(await startGateway(state, { config, by: options.runs?.by ?? [], env: disk?.env ?? {}, node: heap?.flags ?? [] }));
  const [plain = 0, secure = plain] = passThrough.ports;
  const trusts = identity && {
    gateway: await readFile(path.join(state, 'ca.pem'), 'utf8'),
    far: await readFile(identity.authority, 'utf8'),
  };
  return {
    gateway,
    server,
    passThrough,
    state,
    ports: { south, proxy },
    disk,
    heap,
    metric: (name) => readMetric(health, name),
    tellServer: async (words) => (await fetch(`http://127.0.0.1:${door}/${words}`)).text(),
    ...fleets(options.devices, { server: atServer, plain, secure, south, proxy }, trusts),
  };
}

type Ports = Readonly<Record<'server' | 'plain' | 'secure' | 'south' | 'proxy', number>>;
type Trusts = Readonly<Record<'gateway' | 'far', string>> | undefined;

function fleets(devices: number, ports: Ports, trusts: Trusts) {
  const all = (route: Route, trust: string | undefined) =>
    Array.from({ length: devices }, (_, at) => new CannedDevice(deviceAt(at), trust === undefined ? route : { ...route, trust }));
  const authority = `127.0.0.1:${ports.server}`;
  const own = { port: ports.south, authority: `127.0.0.1:${ports.south}`, form: 'origin' } as const;
  return {
    proxied: () => all(own, trusts?.gateway),
    relayed: (form: 'absolute' | 'tunnel') => all({ port: ports.proxy, authority, form, proof }, trusts?.far),
    passed: (form: 'absolute' | 'tunnel' = 'absolute') =>
      all({ port: form === 'tunnel' ? ports.plain : ports.secure, authority, form }, trusts?.far),
  };
}

async function readMetric(port: number, name: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
}

function proof(device: string): string {
  return `Basic ${Buffer.from(`${device}:${clientPassword}`).toString('base64')}`;
}

/** Not one of those in {@link fillState}. */
function deviceAt(at: number): string {
  return `urn:imei:35015420${String(at).padStart(7, '0')}`;
}

interface Places extends SiteOptions, Readonly<Record<'server' | 'south' | 'proxy' | 'health', number>> {
  readonly trust: string | undefined;
}

async function writeConfig(folder: string, site: Places): Promise<string> {
  const file = path.join(folder, 'gateway.yaml');
  const ids = Array.from({ length: site.devices }, (_, at) => deviceAt(at));
  const config = {
    south: { port: site.south, tls: site.tls ?? false, maxConnections: 4096 },
    ...(site.trust === undefined ? {} : { north: { trust: [site.trust] } }),
    ...(site.mode === 'transparent' ? { transparent: { port: site.proxy, allow: [`127.0.0.1:${site.server}`] } } : {}),
    ...(site.ears === undefined ? {} : { triggers: { udp: { port: 0, perMinute: 6000, devices: ids.map((id) => ({ id, port: 0 })) } } }),
    // What is measured is not to be refused: near 128 MiB it would be.
    limits: { sessions: 4096, memory: '1GiB' },
    health: { port: site.health },
    ...site.sections,
    devices: [...ids.map((id, at) => device(id, site, site.ears?.[at])), ...(site.further ?? [])],
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  await chmod(file, 0o600);
  return file;
}

function device(id: string, { mode, server, tls }: Places, ear: DeviceEar | undefined) {
  const passwords = { clientPassword: { value: clientPassword }, serverPassword: { value: serverPassword } };
  const address = `${tls ? 'https' : 'http'}://127.0.0.1:${server}/dm`;
  const account = { serverId, address, allowPlainHttp: !tls, userName: deviceUser, ...passwords };
  const shown = mode === 'proxy' ? { userName: deviceUser, ...passwords } : { clientPassword: passwords.clientPassword };
  const trigger = ear === undefined ? {} : { trigger: { by: 'udp', port: ear.port } };
  // The forward proxy is reached by plain http, whatever is in the tunnels.
  return { id, mode, allowPlainHttp: mode === 'transparent' || !tls, ...shown, ...trigger, accounts: [account] };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
