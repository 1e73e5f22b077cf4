import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { boundaryFailures, checkBoundaries } from './boundaries.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('finds no import against the arrow here', async () => {
  expect(boundaryFailures(await checkBoundaries(root))).toEqual([]);
});
