import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { PosternError } from '#src/base/index.js';

/** A new file that only its owner may read. */
export interface SecretFile {
  readonly path: string;
  /** Writes the whole of it, and closes it. */
  finish(text: string): void;
  /** Removes it: there is nothing to write after all. */
  abandon(): void;
}

/**
 * Makes the file before there is anything to write, because what will be written is told only once.
 * An existing file is left alone: it would keep its own access rights.
 * @throws PosternError `cli.unwritable`
 */
export function createSecretFile(path: string): SecretFile {
  const descriptor = open(path);
  return {
    path,
    finish(text) {
      writeSync(descriptor, text);
      closeSync(descriptor);
    },
    abandon() {
      closeSync(descriptor);
      rmSync(path);
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new PosternError('cli.unwritable', { file, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
