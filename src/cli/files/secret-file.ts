import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { PosternError } from '#src/base/index.js';

/** A new file that only its owner may read. */
export interface SecretFile {
  /** Writes the whole of it, and closes it. */
  finish(text: string): void;
}

/**
 * Makes the files (0600) before `run` gets what will be written, because that is told only once: if one cannot be made `run` is not
 * called, and if it fails none is left. An existing file is left alone: it would keep its own access rights.
 * @throws PosternError `cli.unwritable`, and what `run` throws
 */
export async function withSecretFiles<T>(
  paths: readonly (string | undefined)[],
  run: () => Promise<T>,
): Promise<[T, (SecretFile | undefined)[]]> {
  const opened: OpenFile[] = [];
  try {
    const files = paths.map((path) => (path === undefined ? undefined : keep(opened, openNew(path))));
    return [await run(), files];
  } catch (error) {
    for (const file of opened) file.abandon();
    throw error;
  }
}

interface OpenFile extends SecretFile {
  abandon(): void;
}

function keep(opened: OpenFile[], file: OpenFile): OpenFile {
  opened.push(file);
  return file;
}

function openNew(path: string): OpenFile {
  const descriptor = tryOpen(path);
  return {
    finish(text) {
      writeFileSync(descriptor, text);
      closeSync(descriptor);
    },
    abandon() {
      closeSync(descriptor);
      rmSync(path);
    },
  };
}

function tryOpen(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new PosternError('cli.unwritable', { file, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
