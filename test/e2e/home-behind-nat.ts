import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { systemClock } from '#src/base/index.js';
import {
  type AddedDevice,
  type ControlClient,
  createControlClient,
  createSmallServerClient,
  type SmallServerClient,
} from '#src/control/index.js';
import { openLocalCa } from '#src/security/index.js';
import type { Line } from '../../src/programs/demo/child-program.js';
import { Mosquitto } from '../peers/mosquitto.js';
import { Network, type Place } from '../peers/network.js';
import { entry } from './run-postern.js';

/** Who programs in a {@link Place} run as. */
const nobody = '65534:65534';
export const serverAddress = '198.51.100.1';
/** Of the router, on the outer network. */
export const outerAddress = '198.51.100.2';
/** Of the gateway that stands behind the router. */
export const innerAddress = '192.168.7.2';
const brokerPort = 8883;
const startTime = 60_000;

/** What a home router does: everybody inside shows its address, and nobody outside comes in, but to what runs on the router itself. */
const rules = `
table ip home {
  counter turned-away { }
  chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
  chain through {
    type filter hook forward priority filter; policy drop;
    iifname "lan" accept
    ct state established,related accept
    counter name turned-away reject with icmp host-prohibited
  }
  chain own {
    type filter hook input priority filter; policy drop;
    iifname { "lan", "lo" } accept
    ct state established,related accept
    tcp dport 8444 accept
    udp dport 2948 accept
  }
}
`;

/** A gateway and its own account at the server. */
export interface Gateway {
  readonly door: ControlClient;
  readonly devId: string;
}

/**
 * The server and a broker on an outer network, a router that masquerades its home, and two gateways: one on the router itself and one
 * behind it. All run as a user without rights.
 */
export class HomeBehindNat {
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-nat-'));
  /** What the server printed. */
  readonly said: Line[] = [];
  readonly #network = new Network();
  readonly #running: ChildProcess[] = [];
  #broker: Mosquitto | undefined;
  #router: Place | undefined;

  static async open(): Promise<HomeBehindNat> {
    const home = new HomeBehindNat();
    try {
      await home.#build();
      return home;
    } catch (error) {
      await home.close();
      throw error;
    }
  }

  server!: SmallServerClient;
  #inside!: Place;
  onRouter!: Gateway;
  behind!: Gateway;

  /** Connections and datagrams from outside that the router did not let in. */
  turnedAway(): number {
    return Number(/packets (\d+)/.exec(this.#routerRuns('list', 'counter', 'ip', 'home', 'turned-away'))?.[1]);
  }

  /** Starts a device beside the gateway that stands behind the router, with what `addDevice` there gave; its first session is over then. */
  async startDevice(id: string, { dmAcc, trust }: Pick<AddedDevice, 'dmAcc' | 'trust'>): Promise<void> {
    const state = join(this.folder, 'device');
    mkdirSync(state, { mode: 0o700 });
    const bootstrap = this.#write('dmacc.xml', dmAcc);
    const args = ['device', '--id', id, '--state', state, '--bootstrap', bootstrap, '--trust', this.#write('trust.pem', trust), '--json'];
    await this.#start(this.#inside, [...args, '--poll'], { until: ({ event }) => event === 'session' });
  }

  /** Lets everything in. */
  takeTheWallAway(): void {
    this.#routerRuns('flush', 'chain', 'ip', 'home', 'through');
    this.#routerRuns('add', 'rule', 'ip', 'home', 'through', 'accept');
  }

  async close(): Promise<void> {
    await this.#broker?.stop();
    await Promise.all(this.#running.map(end));
    this.#network.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #build(): Promise<void> {
    const [outside, router, inside] = this.#lay();
    this.#inside = inside;
    const state = (name: string) => join(this.folder, name);
    for (const name of ['server', 'on-router', 'behind', 'authority']) mkdirSync(state(name), { mode: 0o700 });
    const authorities = await Promise.all(
      ['server', 'on-router', 'authority'].map((name) => openLocalCa({ directory: state(name), clock: systemClock })),
    );
    const trust = authorities.map(({ certificate }, at) => this.#write(`ca-${at}.pem`, certificate));
    const broker = await authorities[2]?.issue({ names: [], addresses: [serverAddress], usage: 'server', days: 1 });
    this.#allow();
    this.#broker = await Mosquitto.start({
      folder: state('broker'),
      listen: serverAddress,
      port: brokerPort,
      ...(broker === undefined ? {} : { identity: broker }),
      start: (_command, args) => outside.start('/usr/sbin/mosquitto', args, { stdio: 'pipe' }),
    });
    const url = `mqtts://${serverAddress}:${brokerPort}`;
    const serving = { serverId: 'operator', listen: serverAddress, triggers: { broker: { url }, trust, first: '1s', cap: '1s' } };
    const ready = await this.#start(outside, ['server', ...this.#places('server', serving)], { hear: (line) => this.said.push(line) });
    this.server = createSmallServerClient({ socket: String(ready['socket']) });
    const ways = (listen: string) => ({ https: { listen, port: 8444 }, udp: { listen, port: 2948 } });
    this.onRouter = await this.#startGateway(router, 'on-router', { north: { trust }, triggers: ways(outerAddress) });
    const mqtt = { url, gateway: 'home' };
    this.behind = await this.#startGateway(inside, 'behind', { north: { trust }, triggers: { ...ways(innerAddress), mqtt } });
  }

  /** The outer host knows where the inner network lies: it is the router that lets nothing in. */
  #lay(): [Place, Place, Place] {
    const [outside, router, inside] = ['outside', 'router', 'inside'].map((name) => this.#network.place(name)) as [Place, Place, Place];
    const wan = { place: router, device: 'wan', address: `${outerAddress}/24` };
    this.#network.cable({ place: outside, device: 'eth0', address: `${serverAddress}/24` }, wan);
    const lan = { place: router, device: 'lan', address: '192.168.7.1/24' };
    this.#network.cable({ place: inside, device: 'eth0', address: `${innerAddress}/24` }, lan);
    inside.run('ip', 'route', 'add', 'default', 'via', '192.168.7.1');
    outside.run('ip', 'route', 'add', '192.168.7.0/24', 'via', outerAddress);
    router.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    router.run('nft', '-f', this.#write('home.nft', rules));
    this.#router = router;
    return [outside, router, inside];
  }

  async #startGateway(place: Place, name: string, config: object): Promise<Gateway> {
    const ready = await this.#start(place, ['run', ...this.#places(name, config)]);
    const door = createControlClient({ socket: String(ready['socket']) });
    return { door, devId: (await door.gateway()).devId };
  }

  /** Starts one of Postern's programs and resolves with the line that says that it is there. */
  async #start(place: Place, args: readonly string[], { hear, until = isListening }: Ears = {}): Promise<Line> {
    this.#allow();
    const child = place.start(process.execPath, [...entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.push(child);
    return new Promise((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`postern ${args.join(' ')} ${what}`));
      child.once('exit', () => fail('has ended'));
      setTimeout(() => fail('is not there'), startTime).unref();
      for (const output of [child.stdout, child.stderr]) {
        createInterface({ input: output as Readable }).on('line', (text) => {
          if (!text.startsWith('{')) return;
          const line = JSON.parse(text) as Line;
          hear?.(line);
          if (until(line)) resolve(line);
        });
      }
    });
  }

  #places(name: string, config: object): string[] {
    return ['--config', this.#write(`${name}.yaml`, JSON.stringify(config)), '--state', join(this.folder, name), '--json'];
  }

  #write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** What programs read and keep is theirs. */
  #allow(): void {
    execFileSync('chown', ['-R', nobody, this.folder]);
  }

  #routerRuns(...command: readonly string[]): string {
    return this.#router?.run('nft', ...command) ?? '';
  }
}

/** Who hears each line that a program prints, and the one that it is awaited by. */
interface Ears {
  readonly hear?: (line: Line) => void;
  readonly until?: (line: Line) => boolean;
}

function isListening(line: Line): boolean {
  return line['msg'] === 'listening';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
