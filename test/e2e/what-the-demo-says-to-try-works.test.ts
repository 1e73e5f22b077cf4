import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { entry } from './run-postern.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('each line of it, as it is printed; and Ctrl-C leaves nothing behind', async () => {
  const demo = spawn(process.execPath, [...entry, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(demo, 'exit');
  const { commands, folder } = await readUntilItStays(demo.stdout);
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const { code, stdout } = await tried(command);
    // What the enterprise may not do is shown as what it is.
    if (command.includes('/enterprise/')) expect(stdout, command).toContain('425');
    else expect(code, command).toBe(0);
  }
  expect(existsSync(folder)).toBe(true);
  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(existsSync(folder)).toBe(false);
}, 120_000);

async function readUntilItStays(output: NodeJS.ReadableStream): Promise<{ commands: string[]; folder: string }> {
  const commands: string[] = [];
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith('  node ')) commands.push(line.trim());
    const folder = /^State and logs: (\S+)/.exec(line)?.[1];
    if (folder !== undefined) return { commands, folder };
  }
  throw new Error('the demo ended by itself');
}

async function tried(command: string): Promise<{ code: number; stdout: string }> {
  const [program = '', ...args] = command.split(' ');
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, { cwd: root, encoding: 'utf8' })) };
  } catch (error) {
    return error as { code: number; stdout: string };
  }
}
