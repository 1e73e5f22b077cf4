import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PosternError } from '#src/base/index.js';

/** A line that a program printed, as the JSON object that it is. */
export type Line = Readonly<Record<string, unknown>>;

const startTime = 20_000;
const stopTime = 10_000;
/** Lines of a program that are kept to explain why it failed. */
const keptLines = 20;

export interface ChildStart {
  readonly name: string;
  readonly args: readonly string[];
  readonly isReady: (line: Line) => boolean;
  /** What Node runs, flags first; absent: the entry that we were started by. */
  readonly entry?: readonly string[];
  /** What runs it elsewhere, such as in a network namespace: a command that takes another. */
  readonly within?: readonly string[];
  /** How long it may take to be ready, in milliseconds; 20 s unless set. */
  readonly patience?: number;
  /** Hears every line that it prints, as it is. */
  readonly hear?: (text: string) => void;
}

const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();
// Whoever ends us early, be it that nobody reads our output any more, leaves no program behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** One of Postern's programs in a process of its own, known by what it prints. */
export class ChildProgram {
  readonly name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #watchers = new Set<(line: Line) => void>();
  readonly #hear: (text: string) => void;
  #last: string[] = [];

  private constructor({ name, args, entry = ownEntry(), within = [], hear = () => {} }: ChildStart) {
    this.name = name;
    this.#hear = hear;
    const [command = process.execPath, ...rest] = [...within, process.execPath, ...entry, ...args];
    this.#process = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this.#process);
    this.#process.once('exit', () => running.delete(this.#process));
    this.#process.stdin.on('error', () => {});
    for (const stream of [this.#process.stdout, this.#process.stderr])
      createInterface({ input: stream }).on('line', (text) => this.#read(text));
  }

  /** Starts it and waits for the line that says it is ready. @throws PosternError `demo.program` */
  static async start(start: ChildStart): Promise<{ program: ChildProgram; ready: Line; before: readonly Line[] }> {
    const program = new ChildProgram(start);
    const before: Line[] = [];
    const isReady = (line: Line) => {
      before.push(line);
      return start.isReady(line);
    };
    const ready = await program.until(isReady, start.patience ?? startTime);
    return { program, ready, before };
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Writes a line to its standard input. */
  say(line: Line): void {
    this.#process.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** The next line that is the one waited for. @throws PosternError `demo.program` when it ends or takes too long */
  until(isIt: (line: Line) => boolean, patience: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        this.#watchers.delete(watch);
        clearTimeout(timer);
        this.#process.off('exit', ended);
        settle();
      };
      const fail = (what: string) => finish(() => reject(this.#failure(what)));
      const watch = (line: Line) => void (isIt(line) && finish(() => resolve(line)));
      const ended = () => fail('ended');
      const timer = setTimeout(() => fail(`said nothing of it for ${patience / 1000} s`), patience);
      this.#watchers.add(watch);
      this.#process.once('exit', ended);
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** Asks it to leave, and ends it when it does not. @returns its exit code; null when it had to be ended */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), stopTime);
    await ended;
    clearTimeout(timer);
    return this.#process.exitCode;
  }

  #read(text: string): void {
    this.#last = [...this.#last, text].slice(-keptLines);
    this.#hear(text);
    const line = parseLine(text);
    if (line !== undefined) for (const watch of [...this.#watchers]) watch(line);
  }

  #failure(what: string): PosternError {
    return new PosternError('demo.program', { program: this.name, what, last: this.#last.join('\n') });
  }
}

/** The way in to all programs. */
function ownEntry(): readonly string[] {
  return entryOf('../postern/main');
}

/** What Node runs to start a file beside this one. From sources (`npm run dev`) it is TypeScript that needs the same flags as we do. */
export function entryOf(file: string): readonly string[] {
  const ending = import.meta.filename.endsWith('.ts') ? '.ts' : '.js';
  return [...process.execArgv, join(import.meta.dirname, `${file}${ending}`)];
}

function parseLine(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    // Not JSON: a warning of Node, say. It is kept for the explanation of a failure.
    return undefined;
  }
}
