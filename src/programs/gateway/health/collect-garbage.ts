import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** `minor`: of what is young, some milliseconds; `major`: all. */
export type Collection = 'minor' | 'major';

let collector: ((isMinor?: true) => void) | undefined;

/** Collects garbage now. Node has no other door to it than a flag, whose function every new context has. */
export function collectGarbage(type: Collection): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as typeof collector;
    setFlagsFromString('--no-expose-gc');
  }
  // To Node 24 any argument that is no object, false as well, says minor.
  if (type === 'minor') collector?.(true);
  else collector?.();
}
