import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemEntropy } from '#src/base/index.js';
import { type ControlClient, createControlClient, createSmallServerClient, type SmallServerClient } from '#src/control/index.js';
import { ChildProgram, type Line } from './child-program.js';

/** The names of the play. */
export const serverId = 'operator';
export const deviceId = 'urn:imei:490154203237518';
const deviceName = 'Lamp in the hall';

/** Everything that runs: three processes, the doors to two of them, and the voice of the third. */
export interface Stage {
  readonly folder: string;
  readonly gateway: ChildProgram;
  readonly server: ChildProgram;
  readonly device: ChildProgram;
  readonly gatewayDoor: ControlClient;
  readonly serverDoor: SmallServerClient;
  readonly gatewaySocket: string;
  readonly serverSocket: string;
  /** The gateway's own DevId. */
  readonly devId: string;
  close(): Promise<void>;
}

export interface StageOptions {
  /** A folder for every raw message of both legs of the gateway. */
  readonly record?: string;
  readonly tell: (what: string) => void;
  /** How Node starts the programs; absent: as we were started. */
  readonly entry?: readonly string[];
}

export async function setStage({ record, tell, entry }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-demo-'));
  const started: ChildProgram[] = [];
  const start = async (name: string, args: readonly string[], isReady: (line: Line) => boolean) => {
    tell(`starting the ${name}`);
    const { program, ready } = await ChildProgram.start({ name, args, isReady, ...(entry === undefined ? {} : { entry }) });
    started.push(program);
    return { program, ready };
  };
  const close = async () => {
    await Promise.all(started.map((program) => program.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await introduce(folder, record, start)), folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Start = (name: string, args: readonly string[], isReady: (line: Line) => boolean) => Promise<{ program: ChildProgram; ready: Line }>;

const isListening = ({ msg }: Line) => msg === 'listening';

async function introduce(folder: string, record: string | undefined, start: Start): Promise<Omit<Stage, 'folder' | 'close'>> {
  const server = await start(
    'DM server of the operator',
    ['server', '--config', serverFile(folder), '--state', place(folder, 'server'), '--json'],
    isListening,
  );
  const serverUrl = textOf(server.ready, 'url');
  const recording = record === undefined ? [] : ['--record', record];
  const config = gatewayFile(folder, textOf(server.ready, 'ca'));
  const gateway = await start(
    'gateway',
    ['run', '--config', config, '--state', place(folder, 'gateway'), '--json', ...recording],
    isListening,
  );
  const [serverSocket, gatewaySocket] = [textOf(server.ready, 'socket'), textOf(gateway.ready, 'socket')];
  const serverDoor = createSmallServerClient({ socket: serverSocket });
  const gatewayDoor = createControlClient({ socket: gatewaySocket });
  const { devId } = await gatewayDoor.gateway();
  await openAccounts(folder, serverUrl, devId, gatewayDoor, serverDoor);
  const bootstrap = ['--bootstrap', join(folder, 'dmacc.xml'), '--trust', join(folder, 'gateway-ca.pem')];
  const device = await start(
    'device',
    ['device', '--id', deviceId, '--state', place(folder, 'device'), ...bootstrap, '--json'],
    ({ event }) => event === 'ready',
  );
  return {
    gateway: gateway.program,
    server: server.program,
    device: device.program,
    gatewayDoor,
    serverDoor,
    gatewaySocket,
    serverSocket,
    devId,
  };
}

/** The operator knows the gateway and the device, each by credentials of its own; the device knows only the gateway. */
async function openAccounts(
  folder: string,
  address: string,
  devId: string,
  gateway: ControlClient,
  server: SmallServerClient,
): Promise<void> {
  const password = () => systemEntropy.token();
  const own = { clientPassword: password(), serverPassword: password() };
  const devices = { clientPassword: password(), serverPassword: password() };
  await server.addClient({ id: devId, ...own });
  await server.addClient({ id: deviceId, ...devices });
  await gateway.addAccount({ serverId, name: 'Operator', address, ...own });
  const account = { serverId, name: 'Operator', address, ...devices };
  const added = await gateway.addDevice({ id: deviceId, name: deviceName, accounts: [account] });
  writeFileSync(join(folder, 'dmacc.xml'), added.dmAcc, { mode: 0o600 });
  writeFileSync(join(folder, 'gateway-ca.pem'), added.trust, { mode: 0o600 });
}

function serverFile(folder: string): string {
  return write(folder, 'server.yaml', `serverId: ${serverId}\nport: 0\n`);
}

/** Ports that are free: the demo never meets another program. */
function gatewayFile(folder: string, serverCa: string): string {
  return write(folder, 'gateway.yaml', `south:\n  port: 0\nnorth:\n  trust: [${JSON.stringify(serverCa)}]\n`);
}

function write(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

function place(folder: string, name: string): string {
  mkdirSync(join(folder, name), { mode: 0o700 });
  return join(folder, name);
}

function textOf(line: Line, field: string): string {
  const value = line[field];
  if (typeof value !== 'string') throw new Error(`a program said "listening" without its ${field}`);
  return value;
}
