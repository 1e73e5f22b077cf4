import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { entry } from './run-postern.js';

it('when its output is closed in the middle of the play', async () => {
  const demo = spawn(process.execPath, [...entry, 'demo', '--once'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(demo, 'exit');
  for await (const line of createInterface({ input: demo.stdout })) if (line.includes('starting the device')) break;
  const programs = childrenOf(demo.pid ?? 0);
  expect(programs.length).toBeGreaterThanOrEqual(2);
  demo.stdout.destroy();
  await ended;
  await eventually('its programs to end', async () => (programs.some(isRunning) ? undefined : true));
});

/** From the kernel's table: the parent stands second after the name, which may hold anything but ends with the last bracket. */
function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => statOf(pid)?.[1] === String(parent)).map(Number);
}

function statOf(pid: string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    // Ended since it was listed.
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && statOf(String(pid))?.[0] !== 'Z';
}
