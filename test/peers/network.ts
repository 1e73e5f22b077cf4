import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { whyNoPrograms } from './debian.js';

/** Why no network of our own can be made, or undefined: then it can. Under CI=true it is a failure. */
export function whyNoNetwork(): string | undefined {
  const missing = whyNoPrograms(['ip'], ['iproute2']);
  if (missing !== undefined) return missing;
  const name = `probe-${randomBytes(3).toString('hex')}`;
  const made = spawnSync('ip', ['netns', 'add', name]);
  if (made.status === 0) {
    spawnSync('ip', ['netns', 'delete', name]);
    return undefined;
  }
  const reason = `network namespaces cannot be made here: ${made.stderr?.toString().trim() ?? 'no ip'}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** The user that programs run as in a {@link Place}: a router would not run them as root either. */
export const nobody = 65_534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
const mayRead = ['--inh-caps=-all,+dac_read_search', '--ambient-caps=+dac_read_search'];

/** A command that becomes the one that is added to it, without any right; where nobody may enter the folder that the project lies in, with that of reading it. */
export function unprivileged(): readonly string[] {
  const [command = '', ...args] = asNobody;
  const reads = [process.execPath, fileURLToPath(new URL('../../package.json', import.meta.url))].map((file) =>
    spawnSync(command, [...args, 'test', '-r', file]),
  );
  return reads.every(({ status }) => status === 0) ? asNobody : [...asNobody, ...mayRead];
}

/** A host of a test's own network: a namespace with a loopback device. */
export class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    execFileSync('ip', ['netns', 'add', name]);
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /** Runs a command as root and returns what it wrote. @throws where it fails */
  run(command: string, ...args: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, command, ...args], { encoding: 'utf8' });
  }

  /** Starts a program as a user without rights; its pid is the program's own. */
  start(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.name, ...unprivileged(), command, ...args], options);
  }
}

/** One end of a cable. */
export interface Plug {
  readonly place: Place;
  /** What the interface is called there. */
  readonly device: string;
  /** With its prefix length, such as `192.168.7.1/24`; absent: none, as for a port of a bridge. */
  readonly address?: string;
}

/** Hosts and cables between them, which a test makes and takes away: nothing of it touches the machine's own network. */
export class Network {
  readonly #places: Place[] = [];
  readonly #mark = randomBytes(3).toString('hex');
  #cables = 0;

  place(name: string): Place {
    const place = new Place(`${name}-${this.#mark}`);
    this.#places.push(place);
    return place;
  }

  /** Lays a cable between two interfaces. */
  cable(...ends: readonly [Plug, Plug]): void {
    this.#cables += 1;
    const names = ends.map((_, at) => `v${this.#mark}${this.#cables}${'ab'[at]}`);
    execFileSync('ip', ['link', 'add', names[0] ?? '', 'type', 'veth', 'peer', 'name', names[1] ?? '']);
    for (const [at, { place, device, address }] of ends.entries()) {
      execFileSync('ip', ['link', 'set', names[at] ?? '', 'netns', place.name, 'name', device]);
      if (address !== undefined) place.run('ip', 'address', 'add', address, 'dev', device);
      place.run('ip', 'link', 'set', device, 'up');
      place.run('ip', 'link', 'set', device, 'multicast', 'on');
    }
  }

  /** Takes everything away; programs in it are to be stopped before. */
  remove(): void {
    for (const { name } of this.#places) spawnSync('ip', ['netns', 'delete', name]);
  }
}
