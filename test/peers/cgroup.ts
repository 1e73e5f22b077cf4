import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const patience = 30_000;

/** What programs in a {@link Cgroup} may use together. */
export interface Allowance {
  /** Memory in bytes, what the kernel caches for them included. */
  readonly memory: number;
  /** Processors: 0.25 is a quarter of one. */
  readonly cpus: number;
}

/** What has become of it. */
export interface CgroupReadings {
  /** Bytes, caches included. */
  readonly peak: number;
  /** Milliseconds for which its threads had to wait for their next share, added up. */
  readonly throttled: number;
  /** Programs that the kernel has ended because the memory was used up. */
  readonly killed: number;
}

/** Why no cgroup can be made here, or undefined: then it can. */
export function whyNoCgroup(): string | undefined {
  try {
    new Cgroup({ memory: 1 << 24, cpus: 0.5 }).tryToRemove();
    return undefined;
  } catch (error) {
    return `cgroups cannot be made here: ${(error as Error).message}`;
  }
}

/** A group of processes with bounds, below our own group where that may have children. Needs root. */
export class Cgroup {
  readonly #version: Version;
  readonly #folders: string[] = [];

  /** @throws Error where the kernel has none, or we may not */
  constructor(allowance: Allowance) {
    const version = findVersion();
    if (version === undefined) throw new Error('no hierarchy has the controllers memory and cpu');
    this.#version = version;
    try {
      const name = `postern-${randomBytes(3).toString('hex')}`;
      for (const parents of version.parents) this.#folders.push(firstMade(parents.map((parent) => join(parent, name))));
      for (const [file, value] of version.bounds(allowance)) this.#write(file, value);
    } catch (error) {
      this.tryToRemove();
      throw error;
    }
  }

  /** A command that goes into the group and becomes what is added to it. */
  get entered(): readonly string[] {
    const go = this.#folders.map((folder) => `echo $$ > '${join(folder, 'cgroup.procs')}' &&`).join(' ');
    return ['sh', '-c', `${go} exec "$@"`, 'sh'];
  }

  /** Whether the process is under both bounds. */
  holds(pid: number): boolean {
    return this.#folders.every((folder) => readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').includes(String(pid)));
  }

  read(): CgroupReadings {
    return this.#version.read((file) => readFileSync(this.#place(file), 'utf8'));
  }

  /** Takes it away once all that ran in it has gone. @throws Error when something stays for half a minute */
  async remove(): Promise<void> {
    for (const end = performance.now() + patience; !this.tryToRemove(); await pause(20)) {
      if (performance.now() > end) throw new Error('something still runs in the cgroup');
    }
  }

  /** Takes it away, or says that something still runs in it. */
  tryToRemove(): boolean {
    for (let folder = this.#folders.at(-1); folder !== undefined; folder = this.#folders.at(-1)) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
        throw error;
      }
      this.#folders.pop();
    }
    return true;
  }

  #write(file: string, value: string): void {
    writeFileSync(this.#place(file), value);
  }

  #place(file: string): string {
    const found = this.#folders.map((folder) => join(folder, file)).find(existsSync);
    if (found === undefined) throw new Error(`the cgroup has no ${file}`);
    return found;
  }
}

/** How one of both kinds of hierarchies is spoken to. */
interface Version {
  /** Where groups can be made: one folder for each hierarchy, the first that works of those given. */
  readonly parents: readonly (readonly string[])[];
  bounds(allowance: Allowance): [file: string, value: string][];
  read(file: (name: string) => string): CgroupReadings;
}

/** Microseconds in which a share of the processors is used up, or waited for. */
const period = 100_000;

/** @see https://docs.kernel.org/admin-guide/cgroup-v1/memory.html, …/scheduler/sched-bwc.html */
const first = {
  bounds: ({ memory, cpus }: Allowance): [string, string][] => [
    ['memory.limit_in_bytes', String(memory)],
    ['cpu.cfs_period_us', String(period)],
    ['cpu.cfs_quota_us', String(cpus * period)],
  ],
  read: (file: (name: string) => string): CgroupReadings => ({
    peak: Number(file('memory.max_usage_in_bytes')),
    throttled: field(file('cpu.stat'), 'throttled_time') / 1e6,
    killed: field(file('memory.oom_control'), 'oom_kill'),
  }),
};

/** @see https://docs.kernel.org/admin-guide/cgroup-v2.html */
const second = {
  bounds: ({ memory, cpus }: Allowance): [string, string][] => [
    ['memory.max', String(memory)],
    ['cpu.max', `${cpus * period} ${period}`],
  ],
  read: (file: (name: string) => string): CgroupReadings => ({
    peak: Number(file('memory.peak')),
    throttled: field(file('cpu.stat'), 'throttled_usec') / 1e3,
    killed: field(file('memory.events'), 'oom_kill'),
  }),
};

function findVersion(): Version | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const old = ['memory', 'cpu'].map((controller) =>
    mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(controller)),
  );
  if (old.every((mount) => mount !== undefined)) {
    const ours = ['memory', 'cpu'].map((controller) => ownPath(controller));
    return { ...first, parents: old.map((mount, at) => places(mount[1] ?? '', ours[at])) };
  }
  const mount = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const able = mount === undefined ? [] : places(mount, ownPath('')).filter(hasControllers);
  return able.length === 0 ? undefined : { ...second, parents: [able] };
}

/** Our own group, and the uppermost one: a hierarchy that is seen from inside a container may show the first as the second. */
function places(mount: string, own: string | undefined): string[] {
  return [...new Set([join(mount, own ?? ''), mount])].filter((folder) => existsSync(folder));
}

function ownPath(controller: string): string | undefined {
  const lines = readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  return lines.find(([, controllers]) => controllers?.split(',').includes(controller))?.[2];
}

/** Whether groups below this one can have bounds; one with processes in it never hands its controllers on. */
function hasControllers(folder: string): boolean {
  const handed = readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
  return ['memory', 'cpu'].every((controller) => handed.includes(controller));
}

function firstMade([folder = '', ...others]: readonly string[]): string {
  try {
    mkdirSync(folder);
    return folder;
  } catch (error) {
    if (others.length === 0) throw error;
    return firstMade(others);
  }
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
