import { open } from 'node:fs/promises';
import type { Clock, Log, Milliseconds, Timer } from '#src/base/index.js';
import type { LeaseBook } from './lease-book.js';
import { type Lease, parseLeases } from './lease-file.js';

/** What is beyond this is not read, in bytes: some ten thousand leases. */
const mostBytes = 1024 * 1024;

export interface LeaseWatchOptions {
  readonly file: string;
  readonly every: Milliseconds;
  readonly book: LeaseBook;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Looks at a lease file again and again. A lease has ended when two looks in a row do not find it: the server empties the file
 * before it writes it anew.
 */
export class LeaseWatch {
  readonly #options: LeaseWatchOptions;
  #known = new Map<string, Lease>();
  readonly #missed = new Set<string>();
  #stamp = '';
  #timer: Timer | undefined;
  #stopped = false;
  #complaint = '';

  constructor(options: LeaseWatchOptions) {
    this.#options = options;
  }

  /** Looks, and goes on until it is stopped. Never fails: a file that cannot be read is told once. */
  async look(): Promise<void> {
    try {
      await this.#read();
      this.#complaint = '';
    } catch (error) {
      this.#complain(error);
    }
    if (!this.#stopped) this.#timer = this.#options.clock.timer('look at the leases', this.#options.every, () => void this.look());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #read(): Promise<void> {
    const file = await open(this.#options.file, 'r');
    try {
      const { size, mtimeMs, ino } = await file.stat();
      const stamp = `${ino} ${size} ${mtimeMs}`;
      if (stamp === this.#stamp && this.#missed.size === 0) return;
      const buffer = Buffer.alloc(Math.min(size, mostBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      this.#stamp = stamp;
      this.#take(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  }

  #take(text: string): void {
    const { leases, skipped } = parseLeases(text);
    if (skipped > 0) this.#options.log.debug({ file: this.#options.file, skipped }, 'lines of the lease file are no leases');
    const now = this.#options.clock.now();
    const present = new Map(leases.filter(({ expires }) => expires === undefined || expires > now).map((lease) => [lease.mac, lease]));
    for (const lease of present.values()) this.#present(lease, now);
    for (const lease of this.#known.values()) if (!present.has(lease.mac)) this.#absent(lease);
  }

  #present(lease: Lease, now: number): void {
    const { mac, address, hostname, expires } = lease;
    this.#missed.delete(mac);
    const known = this.#known.get(mac);
    this.#known.set(mac, lease);
    if (known?.expires === expires && known?.address === address && known?.hostname === hostname && known !== undefined) return;
    this.#options.book.take({ action: 'old', mac, address, hostname, remaining: expires === undefined ? undefined : expires - now });
  }

  #absent({ mac, address }: Lease): void {
    if (!this.#missed.has(mac)) {
      this.#missed.add(mac);
      return;
    }
    this.#missed.delete(mac);
    this.#known.delete(mac);
    this.#options.book.take({ action: 'del', mac, address });
  }

  /** The DHCP server may not have written it yet, so that is no reason to stop. */
  #complain(error: unknown): void {
    const { file, log } = this.#options;
    const complaint = error instanceof Error ? error.message : String(error);
    if (complaint !== this.#complaint) log.warn({ file, err: error }, 'the lease file cannot be read; it is tried again');
    this.#complaint = complaint;
  }
}
