import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('./programs/slow-fsync.c', import.meta.url));

/** A disk as one process sees it: its fsyncs are counted, and may take longer than they would. */
export interface WatchedDisk {
  /** What the process has in its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Calls of fsync and fdatasync so far, whoever in the process made them. */
  syncs(): number;
}

/** Why fsyncs cannot be watched on this machine, or undefined: they can. */
export function whyNoWatchedDisk(): string | undefined {
  if (process.platform !== 'linux') return 'fsyncs are watched by a library that is preloaded on Linux only';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler (cc)';
}

/**
 * Builds the library that watches into a folder.
 * @param delay milliseconds that each fsync takes longer
 * @throws Error when the compiler fails
 */
export function watchDisk(folder: string, delay = 0): WatchedDisk {
  const [library, count] = [path.join(folder, 'slow-fsync.so'), path.join(folder, 'fsyncs')];
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc could not build ${source}: ${stderr}`);
  writeFileSync(count, Buffer.alloc(8));
  return {
    env: { LD_PRELOAD: library, BENCH_FSYNC_COUNT: count, BENCH_FSYNC_DELAY_MS: String(delay) },
    syncs: () => Number(new BigUint64Array(new Uint8Array(readFileSync(count)).buffer)[0]),
  };
}
