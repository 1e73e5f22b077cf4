import { InvalidArgumentError } from 'commander';
import type { Milliseconds } from '#src/base/index.js';
import { parseDuration } from '#src/config/index.js';

/** Reads `30` (seconds), `500ms`, `30s`, `5m`, `2h` or `7d`. */
export function readDuration(text: string): Milliseconds {
  const value = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (value === undefined) throw new InvalidArgumentError('Write a time as 30 (seconds), 500ms, 30s, 5m, 2h or 7d.');
  return value;
}
