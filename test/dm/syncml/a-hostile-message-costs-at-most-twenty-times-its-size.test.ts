import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { HostileCost } from './hostile-input-probe.js';
import { hostileInputs, spendthrift } from './hostile-inputs.js';

const probe = fileURLToPath(new URL('hostile-input-probe.ts', import.meta.url));
// Garbage is collected often: what is measured is what has to be held at once.
const node = ['--max-old-space-size=96', '--max-semi-space-size=1', '--expose-gc', '--conditions=postern-source', '--import', 'tsx'];
/** What a message with as many elements as are let in may take, however short it is. */
const least = 2 * 2 ** 20;

const costs = JSON.parse(execFileSync(process.execPath, [...node, probe, 'memory'], { encoding: 'utf8' })) as HostileCost[];
const costOf = (name: string) => costs.find((cost) => cost.name === name) as Required<HostileCost>;

test.each(hostileInputs.map((input) => [input.name, input] as const))('%s', (name, { code }) => {
  const cost = costOf(name);
  expect(cost.code).toBe(code);
  expect(cost.memory / cost.bytes).toBeLessThanOrEqual(Math.max(20, least / cost.bytes));
});

test('what takes more for a moment is seen', () => {
  const { memory, bytes } = costOf(spendthrift.name);
  expect(memory / bytes).toBeGreaterThan(20);
});
