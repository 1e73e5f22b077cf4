import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clientPassword, deviceUser, serverId, serverPassword } from './bench-passwords.js';
import { type BenchProgram, startBenchProgram } from './bench-program.js';
import { CannedDevice, type Route } from './canned-device.js';
import { fillState } from './filled-state.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';

export interface SiteOptions {
  readonly devices: number;
  readonly mode: 'proxy' | 'transparent';
  /** Further devices that the gateway knows and that never come. */
  readonly known?: number;
}

/** A gateway, a server that answers from a template, and a raw pass-through to it, each in a process of its own. */
export interface GatewaySite {
  readonly gateway: GatewayProcess;
  readonly server: BenchProgram;
  readonly passThrough: BenchProgram;
  /** The gateway's state folder. */
  readonly state: string;
  /** Devices that come to the gateway's own endpoint. */
  proxied(): CannedDevice[];
  /** Devices that reach the server by the gateway's forward proxy. */
  relayed(form: 'absolute' | 'tunnel'): CannedDevice[];
  /** Devices that reach the server by the raw pass-through. */
  passed(connectionPer?: Route['connectionPer']): CannedDevice[];
}

/** Runs the work on a site in a folder of its own, and clears up. */
export async function withGatewaySite<T>(options: SiteOptions, work: (site: GatewaySite) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'postern-bench-'));
  const running: { stop(): Promise<void> }[] = [];
  const kept = <R extends { stop(): Promise<void> }>(program: R): R => {
    running.push(program);
    return program;
  };
  try {
    const server = kept(await startBenchProgram('canned-server'));
    const passThrough = kept(await startBenchProgram('pass-through', String(server.port)));
    const state = path.join(folder, 'state');
    const [south, proxy] = [await freePort(), await freePort()];
    const config = await writeConfig(folder, { ...options, server: server.port, south, proxy });
    if (options.known !== undefined) {
      await (await startGateway(state)).stop();
      await fillState(state, options.known);
    }
    const gateway = kept(await startGateway(state, config));
    return await work({
      gateway,
      server,
      passThrough,
      state,
      ...fleets(options.devices, { server: server.port, passThrough: passThrough.port, south, proxy }),
    });
  } finally {
    for (const program of running.reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Ports = Readonly<Record<'server' | 'passThrough' | 'south' | 'proxy', number>>;

function fleets(devices: number, ports: Ports) {
  const all = (route: Route) => Array.from({ length: devices }, (_, at) => new CannedDevice(deviceAt(at), route));
  const server = `127.0.0.1:${ports.server}`;
  return {
    proxied: () => all({ port: ports.south, authority: `127.0.0.1:${ports.south}`, form: 'origin', connectionPer: 'session' }),
    relayed: (form: 'absolute' | 'tunnel') =>
      all({ port: ports.proxy, authority: server, form, connectionPer: form === 'absolute' ? 'message' : 'session', proof }),
    passed: (connectionPer: Route['connectionPer'] = 'session') =>
      all({ port: ports.passThrough, authority: server, form: 'absolute', connectionPer }),
  };
}

function proof(device: string): string {
  return `Basic ${Buffer.from(`${device}:${clientPassword}`).toString('base64')}`;
}

/** Not one of those in {@link fillState}. */
function deviceAt(at: number): string {
  return `urn:imei:35015420${String(at).padStart(7, '0')}`;
}

async function writeConfig(folder: string, site: SiteOptions & Record<'server' | 'south' | 'proxy', number>): Promise<string> {
  const file = path.join(folder, 'gateway.yaml');
  const config = {
    south: { port: site.south, tls: false, maxConnections: 4096 },
    ...(site.mode === 'transparent' ? { transparent: { port: site.proxy, allow: [`127.0.0.1:${site.server}`] } } : {}),
    limits: { sessions: 4096 },
    devices: Array.from({ length: site.devices }, (_, at) => device(deviceAt(at), site)),
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  await chmod(file, 0o600);
  return file;
}

function device(id: string, { mode, server }: { readonly mode: SiteOptions['mode']; readonly server: number }) {
  const passwords = { clientPassword: { value: clientPassword }, serverPassword: { value: serverPassword } };
  const account = { serverId, address: `http://127.0.0.1:${server}/dm`, allowPlainHttp: true, userName: deviceUser, ...passwords };
  const shown = mode === 'proxy' ? { userName: deviceUser, ...passwords } : { clientPassword: passwords.clientPassword };
  return { id, mode, allowPlainHttp: true, ...shown, accounts: [account] };
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
