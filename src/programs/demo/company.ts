import { ChildProgram, type Line } from './child-program.js';
import { Folder } from './folder.js';

export interface CompanyOptions {
  readonly tell: (what: string) => void;
  /** How Node starts the programs; absent: as we were started. */
  readonly entry?: readonly string[];
}

/** A program that runs, and what it said when it was ready. */
export interface Started {
  readonly program: ChildProgram;
  readonly ready: Line;
}

/** All programs of a play: they come and go together, with their folder. */
export class Company {
  readonly folder = new Folder();
  readonly #options: CompanyOptions;
  readonly #started: ChildProgram[] = [];
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(options: CompanyOptions) {
    this.#options = options;
  }

  /** Starts a program and waits until it is ready. @throws PosternError `demo.program` */
  async start(name: string, args: readonly string[], isReady: (line: Line) => boolean): Promise<Started> {
    const { tell, entry } = this.#options;
    tell(`starting the ${name}`);
    const started = await ChildProgram.start({ name, args, isReady, ...(entry === undefined ? {} : { entry }) });
    this.#started.push(started.program);
    return started;
  }

  /** What else is to be closed once the programs have ended. */
  onClose(close: () => Promise<void>): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((program) => program.stop()));
    await Promise.all(this.#closing.map((close) => close()));
    this.folder.remove();
  }
}

export function isListening({ msg }: Line): boolean {
  return msg === 'listening';
}

/** What a program said under this name. */
export function textOf(line: Line, field: string): string {
  const value = line[field];
  if (typeof value !== 'string') throw new Error(`a program said that it is ready without its ${field}`);
  return value;
}
