import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { systemEntropy } from '#src/base/index.js';
import {
  type AddedDevice,
  type CommandResult,
  type ControlClient,
  createControlClient,
  createSmallServerClient,
  type SmallServerClient,
  type SmallServerCommand,
} from '#src/control/index.js';
import { ChildProgram, type Line } from '../../src/programs/demo/child-program.js';
import { eventually } from './eventually.js';
import { entry } from './run-postern.js';

export const serverId = 'operator';
export const deviceId = 'urn:imei:490154203237518';

/** Both passwords of one leg: what the client shows, and what the server shows. */
export interface Passwords {
  readonly clientPassword: string;
  readonly serverPassword: string;
}

/** What an account may do, and when its server is asked for work. */
export type AccountTerms = Pick<Parameters<ControlClient['addAccount']>[0], 'rights' | 'priority' | 'polling'>;

export interface SiteOptions {
  /** Sections of the gateway's configuration, over those of {@link gatewayConfig}. */
  readonly gateway?: Readonly<Record<string, object>>;
  readonly server?: Readonly<Record<string, object>>;
  /** A folder for every raw message of both legs of the gateway. */
  readonly record?: string;
  /** What the gateway runs within: a command that takes another. */
  readonly within?: readonly string[];
  /** The user (and group) that it runs as by that command: what it reads and writes is given to it; absent: as we do. */
  readonly as?: number;
  /** The gateway's state directory, 0700; absent: a folder of the site. */
  readonly gatewayState?: string;
}

export interface NewDeviceOptions {
  readonly id?: string;
  readonly scheme?: 'basic' | 'md5';
  /** What the gateway believes of its account at the server; absent: what is so there. */
  readonly account?: Partial<Passwords> & AccountTerms;
  /** How it is told that a server wants a session. */
  readonly trigger?: Parameters<ControlClient['addDevice']>[0]['trigger'];
  /** Where the server's triggers for it go. */
  readonly reach?: string;
  /** Whether it may come over http. */
  readonly allowPlainHttp?: boolean;
}

/** An operator's DM server and a gateway in processes of their own, in a folder that goes with them. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-e2e-'));
  /** Every line that any of the programs printed. */
  readonly printed: string[] = [];
  /** Every password that was given to anybody. */
  readonly passwords: string[] = [];
  readonly #options: SiteOptions;
  readonly #started: ChildProgram[] = [];
  #server: Running | undefined;
  #gateway: Running | undefined;
  #devId = '';

  private constructor(options: SiteOptions) {
    this.#options = options;
    for (const name of ['server', 'gateway']) mkdirSync(join(this.folder, name), { mode: 0o700 });
    if (options.as !== undefined) chmodSync(this.folder, 0o711);
    this.#give(join(this.folder, 'gateway'));
  }

  static async open(options: SiteOptions = {}): Promise<Site> {
    const site = new Site(options);
    try {
      await site.startServer();
      await site.startGateway();
      site.#devId = (await site.gatewayDoor.gateway()).devId;
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  get server(): ChildProgram {
    return theRunning(this.#server).program;
  }

  get serverDoor(): SmallServerClient {
    return createSmallServerClient({ socket: textOf(theRunning(this.#server).ready, 'socket') });
  }

  get serverUrl(): string {
    return textOf(theRunning(this.#server).ready, 'url');
  }

  /** The authority that issued the server's certificate, PEM. */
  get serverTrust(): string {
    return readFileSync(textOf(theRunning(this.#server).ready, 'ca'), 'utf8');
  }

  get serverState(): string {
    return join(this.folder, 'server');
  }

  get gateway(): ChildProgram {
    return theRunning(this.#gateway).program;
  }

  get gatewayDoor(): ControlClient {
    return createControlClient({ socket: this.gatewaySocket });
  }

  get gatewaySocket(): string {
    return textOf(theRunning(this.#gateway).ready, 'socket');
  }

  /** Where devices post package 1. */
  get gatewayUrl(): string {
    return textOf(theRunning(this.#gateway).ready, 'url');
  }

  /** What the gateway said when it was ready. */
  get gatewayReady(): Line {
    return theRunning(this.#gateway).ready;
  }

  get gatewayState(): string {
    return this.#options.gatewayState ?? join(this.folder, 'gateway');
  }

  /** The gateway's own DevId. */
  get devId(): string {
    return this.#devId;
  }

  /** Starts the server, again at the port that it had. */
  async startServer(): Promise<void> {
    const port = this.#server === undefined ? 0 : Number(new URL(this.serverUrl).port);
    const config = this.#write('server.yaml', { serverId, port, ...this.#options.server });
    this.#server = await this.start('server', ['server', '--config', config, '--state', this.serverState, '--json'], isListening);
  }

  /** Starts the gateway, again at the port that it had. */
  async startGateway(): Promise<void> {
    this.#gateway = await this.start('gateway', this.#gatewayArgs(), isListening, this.#options.within);
  }

  /** Starts the gateway and ends it (SIGKILL) after so many milliseconds, wherever it is by then. */
  async breakGatewayStart(after: number): Promise<void> {
    const starting = spawn(process.execPath, [...entry, ...this.#gatewayArgs()], { stdio: 'ignore' });
    const ended = once(starting, 'exit');
    await pause(after);
    starting.kill('SIGKILL');
    await ended;
  }

  /** Starts any of Postern's programs; it ends with the site. */
  async start(name: string, args: readonly string[], isReady: (line: Line) => boolean, within: readonly string[] = []): Promise<Running> {
    const hear = (text: string) => this.printed.push(text);
    const running = await ChildProgram.start({ name, args, isReady, entry, within, patience: startPatience, hear });
    this.#started.push(running.program);
    return running;
  }

  /** Gives the gateway itself an account at the server. */
  async addOwnAccount(account: Partial<Passwords> = {}): Promise<void> {
    const passwords = this.newPasswords('own');
    await this.serverDoor.addClient({ id: this.devId, ...passwords });
    await this.gatewayDoor.addAccount({ serverId, address: this.serverUrl, ...passwords, ...account });
  }

  /** Lets the server manage a device, and the gateway know both. */
  async addDevice({
    id = deviceId,
    scheme = 'md5',
    account = {},
    trigger,
    reach,
    allowPlainHttp,
  }: NewDeviceOptions = {}): Promise<AddedDevice & Passwords> {
    const north = this.newPasswords('north');
    const south = this.newPasswords('south');
    await this.serverDoor.addClient({ id, scheme, reach, ...north });
    const accounts = [{ serverId, scheme, address: this.serverUrl, ...north, ...account }];
    return { ...(await this.gatewayDoor.addDevice({ id, scheme, trigger, allowPlainHttp, ...south, accounts })), ...south };
  }

  /** Starts the virtual device with what `addDevice` gave; its first session is over when this resolves. */
  async startDevice(added: Pick<AddedDevice, 'dmAcc' | 'trust'>, more: readonly string[] = [], id = deviceId): Promise<Device> {
    const bootstrap = this.#file('dmacc.xml', added.dmAcc);
    const trust = this.#file('trust.pem', added.trust);
    const state = join(this.folder, 'device');
    mkdirSync(state, { recursive: true, mode: 0o700 });
    const args = ['device', '--id', id, '--state', state, '--bootstrap', bootstrap, '--trust', trust, '--json', ...more];
    const { program } = await this.start('device', args, ({ event }) => event === 'session');
    return new Device(program);
  }

  /** Queues commands for a client at the server. */
  async queue(commands: readonly SmallServerCommand[], id = deviceId): Promise<string[]> {
    const ids: string[] = [];
    for (const command of commands) ids.push((await this.serverDoor.queueCommand({ id, ...command })).id);
    return ids;
  }

  /** What has become of queued commands, now. */
  outcomes(ids: readonly string[]): Promise<CommandResult[]> {
    return Promise.all(ids.map((id) => this.serverDoor.showCommand({ id })));
  }

  /** The first printed line of this form, not counting the earliest ones, once it is there. */
  logged(pattern: RegExp, from = 0): Promise<string> {
    return eventually(`a line like ${pattern}`, () => this.printed.slice(from).find((line) => pattern.test(line)));
  }

  /** Reads the gateway's database beside it. */
  readDatabase<T>(read: (database: SqliteDatabase.Database) => T): T {
    const database = new SqliteDatabase(join(this.gatewayState, 'gateway.db'), { readonly: true });
    try {
      return read(database);
    } finally {
      database.close();
    }
  }

  /** Passwords that are found again wherever they are written. */
  newPasswords(what: string): Passwords {
    const made = () => `canary-${what}-${systemEntropy.token()}`;
    const pair = { clientPassword: made(), serverPassword: made() };
    this.passwords.push(pair.clientPassword, pair.serverPassword);
    return pair;
  }

  /** Ends everything at once: how programs leave when they are asked to is a test of its own. */
  async close(): Promise<void> {
    await Promise.all(this.#started.map((program) => program.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #gatewayArgs(): string[] {
    const port = this.#gateway === undefined ? 0 : Number(new URL(this.gatewayUrl).port);
    const config = this.#give(this.#write('gateway.yaml', { ...this.#gatewayConfig(port), ...this.#options.gateway }));
    const recording = this.#options.record === undefined ? [] : ['--record', this.#options.record];
    return ['run', '--config', config, '--state', this.gatewayState, '--json', ...recording];
  }

  #gatewayConfig(port: number): Readonly<Record<string, object>> {
    return {
      south: { port },
      north: { trust: [this.#give(this.#file('server-ca.pem', this.serverTrust))] },
      retry: { first: '100ms', cap: '1s' },
      limits: { sessionIdle: '2s' },
    };
  }

  /** To the user that the gateway runs as. */
  #give(path: string): string {
    const { as } = this.#options;
    if (as !== undefined) chownSync(path, as, as);
    return path;
  }

  /** JSON is YAML too. */
  #write(name: string, config: object): string {
    return this.#file(name, JSON.stringify(config));
  }

  #file(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}

const patience = 30_000;
/** A machine on which everything is built and tested at once takes its time to start a program. */
const startPatience = 60_000;

/** The virtual device's process, spoken to in JSON lines. */
export class Device {
  readonly program: ChildProgram;

  constructor(program: ChildProgram) {
    this.program = program;
  }

  /** The device answers each order with one line that says what it was for. */
  ask(order: Line): Promise<Line> {
    const answered = this.program.until((said) => said['event'] === 'done' && said['of'] === order['do'], patience);
    this.program.say(order);
    return answered;
  }

  session(): Promise<Line> {
    return this.ask({ do: 'session' });
  }

  report(data: string): Promise<Line> {
    return this.ask({ do: 'alert-and-session', type: reportType, data });
  }

  async read(uri: string): Promise<unknown> {
    return (await this.ask({ do: 'read', uri }))['value'];
  }
}

export const reportType = 'urn:oma:at:x-postern-test:button:1.0';

export interface Running {
  readonly program: ChildProgram;
  readonly ready: Line;
}

function isListening({ msg }: Line): boolean {
  return msg === 'listening';
}

function theRunning(running: Running | undefined): Running {
  if (running === undefined) throw new Error('it has not been started yet');
  return running;
}

function textOf(line: Line, field: string): string {
  const value = line[field];
  if (typeof value !== 'string') throw new Error(`a program said "listening" without its ${field}`);
  return value;
}
