import { type ChildProcess, spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Clock, Log, Milliseconds } from '#src/base/index.js';
import type { OwnHardware } from '#src/gateway/index.js';
import { parseHardware } from './parse-hardware.js';

export interface OwnHardwareParts {
  readonly clock: Clock;
  readonly log: Log;
  /** What Node runs, flags first; absent: our own program, as we were started ourselves. */
  readonly entry?: readonly string[];
}

const patience: Milliseconds = 20_000;
const maxOutput = 65_536;

/**
 * What the gateway's own box is, found out once by a process of its own: its memory is given back, and one that hangs or
 * fails costs nothing but these facts.
 */
export class OwnHardwareProbe {
  readonly #parts: OwnHardwareParts;
  #child: ChildProcess | undefined;
  #known: OwnHardware | undefined;
  #stopped = false;

  constructor(parts: OwnHardwareParts) {
    this.#parts = parts;
  }

  /** Undefined until it is known. */
  get known(): OwnHardware | undefined {
    return this.#known;
  }

  /** Looks, and resolves when that is over, whatever came of it: nobody has to wait for it. */
  async look(): Promise<void> {
    const { clock, log, entry = ownEntry() } = this.#parts;
    // A group of its own, so that what it runs ends with it; of our environment it is told nothing.
    const child = spawn(process.execPath, [...entry], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    this.#child = child;
    const timer = clock.timer('own-hardware', patience, () => this.#kill());
    const { code, said } = await this.#end(child, child.stdout);
    timer.cancel();
    this.#child = undefined;
    this.#known = code === 0 ? parseHardware(said) : undefined;
    if (this.#known === undefined && !this.#stopped) {
      log.warn(
        { detail: `it ended with ${code ?? 'a signal'}` },
        "the gateway's own hardware could not be read: servers are told less of it",
      );
    }
  }

  /** Ends it with all that it has started. */
  stop(): void {
    this.#stopped = true;
    this.#kill();
  }

  #end(child: ChildProcess, output: NodeJS.ReadableStream): Promise<{ code: number | null; said: string }> {
    const said: Buffer[] = [];
    let length = 0;
    output.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > maxOutput) this.#kill();
      else said.push(piece);
    });
    return new Promise((resolve) => {
      child.once('error', () => resolve({ code: null, said: '' }));
      child.once('close', (code) => resolve({ code, said: Buffer.concat(said).toString() }));
    });
  }

  #kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // It may have ended by itself just now.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** From the sources the flags that load them are needed too. */
function ownEntry(): string[] {
  return [...process.execArgv, join(import.meta.dirname, '..', 'hardware', `main${extname(import.meta.filename)}`)];
}
