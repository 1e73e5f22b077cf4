import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../src/programs/postern/main.ts', import.meta.url));

it('a closed pipe ends the command quietly', async () => {
  const child = spawn(process.execPath, ['--conditions=postern-source', '--import', 'tsx', main, 'exit-codes'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const err: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const [code] = await once(child, 'close');
  expect([code, err.join('')]).toEqual([0, '']);
});
