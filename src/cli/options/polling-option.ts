import { InvalidArgumentError } from 'commander';
import { readDuration } from './duration-option.js';

export type Polling = 'always' | 'never' | number;

/** `always`, `never`, or a time such as `15m`. */
export function readPolling(text: string): Polling {
  if (text === 'always' || text === 'never') return text;
  const every = readDuration(text);
  if (every === 0) throw new InvalidArgumentError('Write always, never, or a time longer than nothing.');
  return every;
}
