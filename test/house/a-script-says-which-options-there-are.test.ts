import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each([
  ['test/fuzz/main.ts', ['--input', '5'], "npm run fuzz: Unknown option '--input'; there are --inputs …, "],
  ['test/fuzz/main.ts', ['--only', 'smtp'], 'npm run fuzz: there is no target smtp; there are '],
  ['test/torture/main.ts', ['--kill', '5'], "npm run torture: Unknown option '--kill'; there are --kills …, "],
  ['test/torture/main.ts', ['--devices', '0'], 'npm run torture: --devices is a whole number from 1 to '],
  ['bench/main.ts', ['--jsn'], "npm run bench: Unknown option '--jsn'; there are --json"],
])('%s %j', (script, options, said) => {
  const run = ['--conditions=postern-source', '--import', 'tsx', script, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, { cwd: root, encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.startsWith(said)).toBe(true);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
