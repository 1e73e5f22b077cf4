import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricProofs } from './metric-proofs.js';

test.each(Object.entries(metricProofs))('%s', (name, proof) => {
  expect(readFileSync(new URL(`../${proof}`, import.meta.url), 'utf8')).toContain(name);
});
