import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network, nobody, type Place, whyNoNetwork } from '../peers/network.js';
import { entry } from './run-postern.js';

const page = fileURLToPath(new URL('../../docs/start/try-it.md', import.meta.url));
const missing = whyNoNetwork();

/** The ports of the defaults are taken where a developer runs a gateway: this one has a network of its own. */
describe.skipIf(missing !== undefined)(missing ?? 'the first device of the docs', () => {
  const network = new Network();
  let machine: Place;
  let folder: string;
  let gateway: ChildProcess | undefined;

  beforeAll(async () => {
    machine = network.place('first');
    folder = mkdtempSync(join(tmpdir(), 'postern-first-'));
    execFileSync('chown', [`${nobody}:${nobody}`, folder]);
    gateway = start(['run', '--with-owner-server'], 'ignore');
    await listening(gateway);
  }, 120_000);
  afterAll(async () => {
    if (gateway?.exitCode === null) {
      const ended = once(gateway, 'exit');
      gateway.kill('SIGTERM');
      await ended;
    }
    network.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('is managed by the commands as they stand there', async () => {
    const commands = commandsOfThePage();
    expect(commands.length).toBeGreaterThan(4);
    const outputs: string[] = [];
    for (const command of commands) outputs.push(await outputOf(command));
    expect(outputs[0]).toContain('is added');
    expect(outputs[2]).toContain('attached');
    expect(outputs.at(-1)).toContain('Virtual lamp');
  }, 120_000);

  function start(args: readonly string[], stdout: 'pipe' | 'ignore'): ChildProcess {
    const env = { ...process.env, STATE_DIRECTORY: join(folder, 'state') };
    return machine.start(process.execPath, [...entry, ...args], { cwd: folder, env, stdio: ['ignore', stdout, 'pipe'] });
  }

  async function outputOf(command: string): Promise<string> {
    const child = start(command.split(' '), 'pipe');
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect({ command, code: child.exitCode, stderr }).toEqual({ command, code: 0, stderr: '' });
    return stdout;
  }
});

/** Both programs say so; the gateway is the later one. */
async function listening({ stderr }: ChildProcess): Promise<void> {
  if (stderr === null) throw new Error('no pipe');
  const heard: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    heard.push(line);
    if (heard.filter((one) => one.includes('"listening"')).length === 2) {
      stderr.resume();
      return;
    }
  }
  throw new Error(heard.join('\n'));
}

function commandsOfThePage(): string[] {
  const [, section = ''] = readFileSync(page, 'utf8').split('## A device of your own');
  return [...section.matchAll(/^npx postern (.*)$/gm)].map(([, command = '']) => command);
}
