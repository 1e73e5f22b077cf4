import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/src/programs/postern/main.js', import.meta.url));
const patience = 30_000;

/** A built gateway in a process of its own, listening. */
export interface GatewayProcess {
  readonly pid: number;
  /** Milliseconds from the process's start to its log line "listening". */
  readonly startedIn: number;
  /** Ends it with SIGTERM and waits until it has gone. */
  stop(): Promise<void>;
}

/**
 * Starts the built gateway on a state folder.
 * @param config its configuration; the defaults unless given
 * @throws Error when it ends, or says nothing for half a minute, before it listens.
 */
export async function startGateway(state: string, config?: string): Promise<GatewayProcess> {
  const start = performance.now();
  const configured = config === undefined ? [] : ['--config', config];
  const run = [...profiling(), program, 'run', ...configured, '--state', state, '--json'];
  const child = spawn(process.execPath, run, { stdio: ['ignore', 'pipe', 'pipe'] });
  const timeout = setTimeout(() => child.kill('SIGKILL'), patience);
  try {
    await untilListening(child);
    return { pid: child.pid ?? 0, startedIn: performance.now() - start, stop: () => stop(child) };
  } finally {
    clearTimeout(timeout);
  }
}

/** With `PROFILE_TO` in the environment each gateway leaves a CPU profile in that folder. */
function profiling(): string[] {
  const folder = process.env['PROFILE_TO'];
  return folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder];
}

/** Logs go to either stream; whatever else was said explains a failure. */
function untilListening(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      const lines = createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (!saysListening(line)) return;
        // What it logs afterwards is read away, so that nobody waits, and costs the measuring process nothing.
        lines.close();
        stream.resume();
        resolve();
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the gateway ended with ${code} before it listened:\n${said.join('\n')}`)));
  });
}

function saysListening(line: string): boolean {
  return line.startsWith('{') && JSON.parse(line).msg === 'listening';
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGTERM');
  await gone;
}
