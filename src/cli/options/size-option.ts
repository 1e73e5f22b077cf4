import { InvalidArgumentError } from 'commander';
import { parseSize } from '#src/config/index.js';

/** Reads `4096` (bytes), `64KiB` or `1MiB`. */
export function readSize(text: string): number {
  const value = parseSize(/^\d+$/.test(text) ? `${text}B` : text);
  if (value === undefined || value === 0) throw new InvalidArgumentError('Write a size as 4096 (bytes), 64KiB or 1MiB.');
  return value;
}
