import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyNoPrograms } from '../peers/debian.js';

/** Why no small disk can be made here, or undefined: then it can. Under CI=true it is a failure. */
export function whyNoSmallDisk(): string | undefined {
  const missing = whyNoPrograms(['unshare', 'nsenter', 'mount'], ['util-linux', 'mount']);
  if (missing !== undefined) return missing;
  const made = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  if (made.status === 0) return undefined;
  const reason = `no disk of our own can be mounted here: ${String(made.stderr).trim()}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** A disk of so many MiB that only the programs of a test see; it goes with the process that holds it. */
export class SmallDisk {
  /** Where it is for programs that run {@link within}; others find an empty folder there. */
  readonly folder: string;
  readonly #holder: ChildProcess;

  private constructor(folder: string, holder: ChildProcess) {
    this.folder = folder;
    this.#holder = holder;
  }

  /** @param owner the user (and group) whose it is; root's unless set */
  static async mount(mebibytes: number, owner = 0): Promise<SmallDisk> {
    const folder = mkdtempSync(join(tmpdir(), 'postern-disk-'));
    const script = `mount -t tmpfs -o size=${mebibytes}m,mode=700,uid=${owner},gid=${owner} tmpfs "$1" && echo mounted && exec sleep infinity`;
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    return new SmallDisk(folder, holder);
  }

  /** A command that runs another where the disk is. */
  get within(): readonly string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`];
  }

  /** The path by which we get at a file on it. */
  path(name: string): string {
    return join(`/proc/${this.#holder.pid}/root`, this.folder, name);
  }

  /** Leaves no byte free. */
  fill(): void {
    const ballast = openSync(this.path('ballast'), 'a', 0o600);
    try {
      for (let size = 1_048_576; size > 0; ) if (!hasRoom(ballast, size)) size = Math.floor(size / 2);
    } finally {
      closeSync(ballast);
    }
  }

  free(): void {
    rmSync(this.path('ballast'));
  }

  /** Programs on it are to be stopped before. */
  async unmount(): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await ended;
    rmdirSync(this.folder);
  }
}

function hasRoom(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
