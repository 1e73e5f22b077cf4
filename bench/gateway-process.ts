import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../dist/src/programs/postern/main.js', import.meta.url));
/** For a machine that others use, and a gateway that is given little of it. */
const patience = 60_000;

/** A built gateway in a process of its own, listening. */
export interface GatewayProcess {
  readonly pid: number;
  /** Milliseconds from the process's start to its log line "listening". */
  readonly startedIn: number;
  /** That line. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Ends it with SIGTERM and waits until it has gone. */
  stop(): Promise<void>;
}

export interface GatewayStart {
  /** Its configuration; the defaults unless given. */
  readonly config?: string;
  /** What is in its environment beside our own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Further flags of node's. */
  readonly node?: readonly string[];
  /** A command that becomes the one that is added to it, as `exec` does. */
  readonly by?: readonly string[];
  /** What node runs; the build in `dist` unless given. */
  readonly program?: string;
}

/**
 * Starts the built gateway on a state folder.
 * @throws Error when it ends, or says nothing for a minute, before it listens.
 */
export async function startGateway(state: string, options: GatewayStart = {}): Promise<GatewayProcess> {
  const start = performance.now();
  const configured = options.config === undefined ? [] : ['--config', options.config];
  const run = [...profiling(), ...(options.node ?? []), options.program ?? built, 'run', ...configured, '--state', state, '--json'];
  const [command = '', ...args] = [...(options.by ?? []), process.execPath, ...run];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  const timeout = setTimeout(() => child.kill('SIGKILL'), patience);
  try {
    const said = await untilListening(child);
    return { pid: child.pid ?? 0, startedIn: performance.now() - start, said, stop: () => stop(child) };
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
function untilListening(child: ChildProcess): Promise<Record<string, unknown>> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      const lines = createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const entry = line.startsWith('{') ? JSON.parse(line) : {};
        if (entry.msg !== 'listening') return;
        // What it logs afterwards is read away, so that nobody waits, and costs the measuring process nothing.
        lines.close();
        stream.resume();
        resolve(entry);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the gateway ended with ${code} before it listened:\n${said.join('\n')}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGTERM');
  await gone;
}
