import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns when a file, or the names in a directory, are on the disk. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
