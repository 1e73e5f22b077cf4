import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../e2e/eventually.js';
import { whyNoPrograms } from './debian.js';
import { type Place, whyNoNetwork } from './network.js';

/** Why Debian's Avahi cannot be met here, or undefined: then it can. */
export function whyNoAvahi(): string | undefined {
  return whyNoPrograms(['avahi-daemon', 'avahi-browse', 'dbus-daemon'], ['avahi-daemon', 'avahi-utils', 'dbus']) ?? whyNoNetwork();
}

/** Avahi in a place of its own, with a message bus of its own. */
export class Avahi {
  readonly #place: Place;
  readonly #folder = mkdtempSync(join(tmpdir(), 'avahi-'));
  readonly #running: ChildProcess[] = [];

  private constructor(place: Place) {
    this.#place = place;
  }

  static async start(place: Place, { device, host }: { device: string; host: string }): Promise<Avahi> {
    const avahi = new Avahi(place);
    await avahi.#start(device, host);
    return avahi;
  }

  /** Announces a service until `stop` or the end; it is taken back then. */
  publish(...args: readonly string[]): ChildProcess {
    return this.#spawn('avahi-publish', args);
  }

  /** One look around, in the form that programs read: fields between semicolons. */
  browse(type: string): string {
    return this.#run('avahi-browse', '--parsable', '--terminate', '--resolve', '--no-db-lookup', type);
  }

  async stop(): Promise<void> {
    for (const child of this.#running.reverse()) await ended(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(device: string, host: string): Promise<void> {
    const { bus, daemon } = this.#writeFiles(device, host);
    this.#spawn('dbus-daemon', [`--config-file=${bus}`, '--nofork', '--nopidfile']);
    await eventually('the bus of Avahi', () =>
      this.#succeeds('dbus-send', '--system', '--dest=org.freedesktop.DBus', '--print-reply', '/', 'org.freedesktop.DBus.ListNames'),
    );
    // Its process id file and socket have fixed places.
    const inPrivate = 'mount -t tmpfs none /run && exec avahi-daemon "$@"';
    this.#spawn('unshare', ['--mount', 'sh', '-c', inPrivate, 'sh', '--no-drop-root', '--no-chroot', '--no-rlimits', '-f', daemon]);
    await eventually('Avahi', () => this.#succeeds('avahi-browse', '--terminate', '_none._tcp'));
  }

  #writeFiles(device: string, host: string) {
    const [bus, daemon] = [join(this.#folder, 'bus.conf'), join(this.#folder, 'avahi.conf')];
    writeFileSync(
      bus,
      `<busconfig><type>system</type><listen>unix:path=${this.#folder}/bus</listen><policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow eavesdrop="true"/></policy></busconfig>`,
    );
    writeFileSync(
      daemon,
      `[server]\nhost-name=${host}\nallow-interfaces=${device}\nuse-ipv6=no\n[publish]\npublish-workstation=no\npublish-hinfo=no\n`,
    );
    return { bus, daemon };
  }

  #succeeds(command: string, ...args: string[]): true | undefined {
    try {
      this.#run(command, ...args);
      return true;
    } catch {
      return undefined;
    }
  }

  #run(command: string, ...args: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.#place.name, command, ...args], { encoding: 'utf8', env: this.#env(), stdio: 'pipe' });
  }

  #spawn(command: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#place.name, command, ...args], { env: this.#env(), stdio: 'ignore' });
    this.#running.push(child);
    return child;
  }

  #env() {
    return { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${this.#folder}/bus` };
  }
}

/** Lets a program end in order. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}
