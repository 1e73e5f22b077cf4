import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Vitest's global set-up: builds `dist` once, because the tests in test/e2e, test/conformance and test/torture start the built program.
 * Skipped when the command line names tests and none of them is there.
 */
export function setup(): void {
  if (!needsBuild(process.argv)) return;
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the build that the e2e tests need failed:\n${stdout}`);
}

function needsBuild(command: readonly string[]): boolean {
  const chosen = command.filter((word) => /^(\.\/)?test\//.test(word) && !word.endsWith('.config.ts'));
  return chosen.length === 0 || chosen.some((word) => /e2e|conformance|torture/.test(word));
}
