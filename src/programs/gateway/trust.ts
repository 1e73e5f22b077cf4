import { readFileSync } from 'node:fs';

/** The certificates of the configured files, PEM. They were readable when the configuration was. */
export function readTrust(files: readonly string[]): string[] {
  return files.map((file) => readFileSync(file, 'utf8'));
}
