import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './temporary-directory.js';

const program = fileURLToPath(new URL('start-with-existing-state.ts', import.meta.url));

it('loads node-forge on the first start and never again', () => {
  const directory = temporaryDirectory();
  expect(start(directory)).toBe('forge');
  expect(start(directory)).toBe('no forge');
});

function start(directory: string): string {
  return execFileSync(process.execPath, ['--conditions=postern-source', '--import', 'tsx', program, directory], { encoding: 'utf8' });
}
