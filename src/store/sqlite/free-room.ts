import { statfsSync } from 'node:fs';

/** Bytes that have to be free before it is worth trying to write again. */
export const leastRoom = 1024 * 1024;

/** Bytes that we may still write to the disk that a folder is on. */
export function freeRoom(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
