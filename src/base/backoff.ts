import type { Milliseconds } from './clock.js';
import type { Entropy } from './entropy.js';

export interface Backoff {
  readonly first: Milliseconds;
  readonly cap: Milliseconds;
}

/** Full jitter: a random delay up to `first · 2^attempts`, never more than the cap, so that many who failed together do not return together. */
export function fullJitter({ first, cap }: Backoff, attempts: number, entropy: Entropy): Milliseconds {
  const ceiling = Math.min(cap, first * 2 ** Math.min(attempts, 30));
  return entropy.below(ceiling + 1);
}
