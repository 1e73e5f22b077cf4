import { expect, it } from 'vitest';
import { judge, tableOf } from '../../bench/verdict.js';

it.each([
  ['a ratio that reaches it', { ratio: 2, goal: 2 }, true],
  ['a ratio below it', { ratio: 1.99, goal: 2 }, false],
  ['a high value does not excuse the ratio', { value: 100, ratio: 1, goal: 2 }, false],
  ['a value without a yardstick', { value: 3, goal: 2 }, true],
  ['a low value without a yardstick', { value: 1, goal: 2 }, false],
  ['an upper bound that is kept', { value: 90, goal: 90, better: 'lower' }, true],
  ['an upper bound that is broken', { value: 90.1, goal: 90, better: 'lower' }, false],
  ['no goal', { value: 0 }, true],
] as const)('%s', (_case, measurement, ok) => {
  expect(judge('name', { value: 1, unit: 's', ...measurement }).ok).toBe(ok);
});

it('is judged before it is rounded', () => {
  expect(judge('name', { value: 1, unit: 'ops/s', ratio: 1.99999, goal: 2 })).toMatchObject({ ratio: 2, ok: false });
});

it('a line has every key, null where it does not apply', () => {
  const keys = ['name', 'value', 'unit', 'against', 'ratio', 'goal', 'ok'];
  const line = judge('footprint.start', { value: 0.5, unit: 's' });
  expect(Object.keys(line)).toEqual(keys);
  expect(line).toMatchObject({ against: null, ratio: null, goal: null });
});

it('what this machine cannot measure stands in the table by its name, with the reason', () => {
  const table = tableOf([judge('codec', { value: 1, unit: 'ms' }), { name: 'session.slow-disk', skipped: 'there is no C compiler (cc)' }]);
  expect(table).toMatch(/^skipped +session\.slow-disk +there is no C compiler \(cc\)$/m);
});
