import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';

const policy = '/usr/sbin/policy-rc.d';

/**
 * Why the programs are not there, or undefined: then they are. Who is root gets their packages installed; under CI=true it is a
 * failure that they are missing.
 */
export function whyNoPrograms(programs: readonly string[], packages: readonly string[]): string | undefined {
  if (!programs.every(isInstalled) && process.getuid?.() === 0) install(packages);
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return undefined;
  const reason = `${missing.join(' and ')} missing: apt-get install ${packages.join(' ')}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).status === 0;
}

function install(packages: readonly string[]): void {
  // No package starts its daemon: what a test starts, it stops.
  if (!existsSync(policy)) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const quiet = { stdio: 'ignore', timeout: 180_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update'], quiet);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], quiet);
}
