import { chmodSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { freeRoom } from './free-room.js';
import { syncToDisk } from './sync-to-disk.js';

/** Copies of one database that are kept. */
const copiesKept = 2;
/** What a copy leaves free on the disk at least, in bytes. */
const roomLeft = 8 * 1024 * 1024;

/** Where the copy of a damaged database is, or why there is none. */
export type DamagedCopy = { readonly file: string } | { readonly why: string };

/**
 * Copies a damaged database and its `-wal` to `<file>.damaged-<time of its last change>`, once: a supervisor that starts us again and again
 * finds the copy made. Two copies are kept, and none is made that would fill the disk.
 * @param room bytes free on the disk, as the file system says unless given
 */
export function keepDamagedFiles(file: string, room: number = freeRoom(dirname(file))): DamagedCopy {
  if (!existsSync(file)) return { why: 'there is no such file' };
  const copy = `${file}.damaged-${compactTime(statSync(file).mtime)}`;
  if (existsSync(copy)) return { file: copy };
  const needed = sizeOf(file) + sizeOf(`${file}-wal`);
  if (room < needed + roomLeft) return { why: `a copy of ${needed} bytes would leave too little room on the disk` };
  // The database comes last: where it is, the copy is whole.
  if (existsSync(`${file}-wal`)) copyPrivately(`${file}-wal`, `${copy}-wal`);
  copyPrivately(file, copy);
  dropOldCopies(file);
  return { file: copy };
}

function copyPrivately(from: string, to: string): void {
  const temporary = `${to}.tmp`;
  rmSync(temporary, { force: true });
  copyFileSync(from, temporary);
  chmodSync(temporary, 0o600);
  syncToDisk(temporary);
  renameSync(temporary, to);
  syncToDisk(dirname(to));
}

function dropOldCopies(file: string): void {
  const folder = dirname(file);
  const start = `${basename(file)}.damaged-`;
  const copies = readdirSync(folder).filter((name) => name.startsWith(start) && /^\d+T\d+Z$/.test(name.slice(start.length)));
  for (const name of copies.toSorted().slice(0, -copiesKept)) {
    rmSync(join(folder, name));
    rmSync(join(folder, `${name}-wal`), { force: true });
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** `20261121T061300123Z`: sorts by time, and can stand in any file name. */
function compactTime(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, '');
}
