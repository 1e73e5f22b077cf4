import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

/** Milliseconds of processor time that a process has used; the kernel counts them in steps of ten. */
export function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * As {@link processorTime}, but to the nanosecond: for processes that do next to nothing. What threads did that have ended is not in it.
 * @see https://docs.kernel.org/scheduler/sched-stats.html, /proc/<pid>/schedstat
 */
export function exactProcessorTime(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** Bytes that a process has made the kernel write to a disk, in its pages of 4 KiB; none where files are in memory. */
export function bytesWritten(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** Whose rights a process has. */
export function userOf(pid: number): number {
  return statSync(`/proc/${pid}`).uid;
}

/** KiB that a process holds in memory. */
export function residentMemory(pid: number): number {
  return kibibytesOf(pid, 'VmRSS');
}

/** KiB that it has held at most. */
export function peakMemory(pid: number): number {
  return kibibytesOf(pid, 'VmHWM');
}

/**
 * Commits of a gateway's database so far, each one sync of the WAL, and checkpoints, each three more (WAL, database, the head of the
 * WAL that begins anew). Both are numbers that SQLite keeps in its own files: iChange of the WAL-index, and the WAL's checkpoint sequence.
 * @see https://www.sqlite.org/walformat.html § 1.1, § 2.1
 */
export function commitsOf(state: string): { commits: number; checkpoints: number } {
  const database = path.join(state, 'gateway.db');
  return { commits: wordAt(`${database}-shm`, 8, 'native'), checkpoints: wordAt(`${database}-wal`, 12, 'big') };
}

function kibibytesOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status names no ${what}`);
  return Number(kibibytes);
}

function wordAt(file: string, offset: number, order: 'native' | 'big'): number {
  const word = Buffer.alloc(4);
  const handle = openSync(file, 'r');
  readSync(handle, word, 0, 4, offset);
  closeSync(handle);
  return order === 'big' || new Uint8Array(new Uint16Array([1]).buffer)[0] === 0 ? word.readUInt32BE() : word.readUInt32LE();
}
