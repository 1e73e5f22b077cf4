import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One of the programs beside this file in a process of its own. */
export interface BenchProgram {
  readonly pid: number;
  /** The ports that it listens at, the one that it is there for first. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** Starts one and waits for the ports that it prints. @throws Error when it ends before */
export async function startBenchProgram(name: 'canned-server' | 'pass-through' | 'flood', ...args: string[]): Promise<BenchProgram> {
  const file = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const run = ['--conditions=postern-source', '--import', 'tsx', file, ...args];
  const child = spawn(process.execPath, run, { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'close');
  const said = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone]);
  const ports = String(said[0]).split(' ').map(Number);
  if (child.exitCode !== null || !ports.every((port) => port > 0)) throw new Error(`${name} ended before it listened`);
  return {
    pid: child.pid ?? 0,
    ports,
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}
