import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

/** What V8 keeps of objects that live on. */
export interface OldHeap {
  /** Bytes. */
  readonly used: number;
  /** Bytes that it should not come to: near its limit V8 only collects, and then ends the process. */
  readonly most: number;
}

/** Above four fifths of the limit V8 ends the process when four collections in a row took most of the time. @see Heap::CheckIneffectiveMarkCompact */
const bearable = 0.84;

/** Of this process, now. */
export function readOldHeap(): OldHeap {
  const old = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.includes('new_') && !name.startsWith('read_only'));
  const used = old.reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
  return { used, most: limit * bearable };
}

/**
 * The limit of the old heap, in bytes. V8 tells only what it adds up to with the room for new objects, which is no room for what stays: 48 MiB more
 * on Node 20, and 192 on Node 24, where the old heap alone was set.
 * @param all what V8 tells
 * @param flags all that Node was started with
 */
export function oldHeapLimit(all: number, flags: string): number {
  const set = [...flags.matchAll(/--max[-_]old[-_]space[-_]size=(\d+)/g)].at(-1)?.[1];
  if (set !== undefined && Number(set) > 0) return Math.min(all, Number(set) * mebibyte);
  // By itself V8 takes a 64th of the old heap for new objects, at most, three times.
  return all * (64 / 67);
}

const mebibyte = 1024 * 1024;
// On the command line the last one counts, and it counts more than the environment.
const limit = oldHeapLimit(getHeapStatistics().heap_size_limit, [process.env['NODE_OPTIONS'] ?? '', ...process.execArgv].join(' '));
