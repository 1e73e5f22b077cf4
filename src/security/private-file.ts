import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { PosternError } from '#src/base/index.js';

/**
 * Refuses a file that anyone but its owner can read or write.
 * @throws PosternError `security.file-exposed`
 */
export function requirePrivateFile(file: string): void {
  requireMode(file, 0o077);
}

/**
 * Refuses a file that everyone can read or write; its group may.
 * @throws PosternError `security.file-exposed`
 */
export function requireNotPublic(file: string): void {
  requireMode(file, 0o007);
}

/** Replaces a file (0600) so that a crash leaves the old content or the new, and the new is on disk on return. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(file, content);
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}

/** Makes a file (0600) whole and on disk, unless it exists; false if it did. Two processes never both make it. */
export function createPrivateFile(file: string, content: string | Uint8Array): boolean {
  const temporary = writeTemporary(file, content);
  try {
    linkSync(temporary, file);
    syncDirectory(dirname(file));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(temporary);
  }
}

/** Tells a failed system call by its code. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The permission bits as people write them: `0640`. */
export function formatMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function requireMode(file: string, forbidden: number): void {
  const { mode } = statSync(file);
  if ((mode & forbidden) !== 0) throw new PosternError('security.file-exposed', { file, mode: formatMode(mode) });
}

function writeTemporary(file: string, content: string | Uint8Array): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeWhole(descriptor, typeof content === 'string' ? Buffer.from(content) : content);
    fsyncSync(descriptor);
  } catch (error) {
    // On a full disk it would be one more each time.
    rmSync(temporary);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** A new name is durable only once its directory is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
