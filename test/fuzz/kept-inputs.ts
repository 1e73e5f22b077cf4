import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './run-target.js';

/** Where inputs that did harm are kept: once mended, they go into the repository and are tried first in every run. */
export const foundFolder = fileURLToPath(new URL('found', import.meta.url));

/** Those of one target, `TARGET/….bin`. */
export function readKept(folder: string, target: string): Buffer[] {
  const own = join(folder, target);
  const names = readFolder(own).filter((name) => name.endsWith('.bin'));
  return names.toSorted().map((name) => readFileSync(join(own, name)));
}

/** Writes an input into a file, and says which. */
export function keep(folder: string, target: string, seed: number, { input, index }: Finding): string {
  mkdirSync(join(folder, target), { recursive: true });
  const file = join(folder, target, `${seed}-${index ?? 'kept'}.bin`);
  writeFileSync(file, input);
  return file;
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
