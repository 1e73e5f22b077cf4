import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../e2e/eventually.js';
import { ended } from './avahi.js';
import { whyNoPrograms } from './debian.js';
import { type Place, whyNoNetwork } from './network.js';

/** Why Debian's dnsmasq and udhcpc cannot be met here, or undefined: then they can. */
export function whyNoDnsmasq(): string | undefined {
  return whyNoPrograms(['dnsmasq', 'udhcpc'], ['dnsmasq-base', 'udhcpc']) ?? whyNoNetwork();
}

/** A DHCP server and the clients on its network. */
export class Dnsmasq {
  readonly leaseFile: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'dnsmasq-'));
  readonly #running: ChildProcess[] = [];

  /** `hook` is a shell script, called as dnsmasq calls one. */
  constructor(place: Place, { range, device, hook }: { range: string; device: string; hook: string }) {
    this.leaseFile = join(this.#folder, 'leases');
    const script = this.#write('hook', `#!/bin/sh\n${hook}\n`);
    const files = [`--dhcp-leasefile=${this.leaseFile}`, `--dhcp-script=${script}`, '--conf-file=/dev/null', '--pid-file'];
    const dhcp = ['--dhcp-authoritative', `--dhcp-range=${range}`, '--script-on-renewal', '--no-ping', '--port=0'];
    const where = ['--keep-in-foreground', '--user=root', `--interface=${device}`, '--bind-interfaces'];
    this.#spawn(place, 'dnsmasq', [...files, ...dhcp, ...where]);
  }

  /** A client that takes a lease, keeps it, and gives it back when it is ended; `options` are DHCP options as `125:<hex>`. */
  client(place: Place, device: string, ...options: readonly string[]): ChildProcess {
    const script = this.#write('bound', '#!/bin/sh\n[ "$1" = bound ] && ip address add "$ip/24" dev "$interface"\nexit 0\n');
    const asked = options.flatMap((option) => ['-x', option]);
    return this.#spawn(place, 'udhcpc', ['-f', '-R', '-t', '20', '-T', '1', '-i', device, '-s', script, ...asked]);
  }

  /** The lease file, once there is something in it. */
  leases(): Promise<string> {
    return eventually('a lease', () => readFileSync(this.leaseFile, 'utf8') || undefined);
  }

  async stop(): Promise<void> {
    for (const child of this.#running.reverse()) await ended(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(name: string, content: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, content);
    chmodSync(file, 0o755);
    return file;
  }

  #spawn(place: Place, command: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', place.name, command, ...args], { stdio: 'ignore' });
    this.#running.push(child);
    return child;
  }
}
