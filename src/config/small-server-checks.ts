import { keysOf, repeated } from './gateway-checks.js';
import type { CrossCheck } from './settled-values.js';

/** What the keys of the small DM server's file demand of each other. */
export const smallServerChecks: readonly CrossCheck[] = [
  (values) => repeated(values, keysOf(values, ['devices'], 'id'), 'a DevId of its own for each device'),
];
