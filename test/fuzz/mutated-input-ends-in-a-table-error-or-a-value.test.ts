import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { foundFolder, readKept } from './kept-inputs.js';
import { targets } from './targets.js';

const args = ['--expose-gc', '--conditions=postern-source', '--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url))];
const inputs = 30_000;

test('every reader of what strangers send takes its part of a bounded run', () => {
  const run = spawnSync(process.execPath, [...args, '--inputs', String(inputs), '--seed', '20261121', '--found', temporaryDirectory()], {
    encoding: 'utf8',
  });
  expect(run.stdout + run.stderr).not.toMatch(/FAILED|Error/);
  expect(run.status).toBe(0);
  for (const { name } of targets) expect(run.stdout).toContain(`ok      ${name}: `);
}, 120_000);

test('what did harm once does none now', async () => {
  for (const target of targets) {
    for (const input of readKept(foundFolder, target.name)) await target.check(input);
    await target.close?.();
  }
});
