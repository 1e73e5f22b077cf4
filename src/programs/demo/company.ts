import { ChildProgram, type ChildStart, entryOf, type Line } from './child-program.js';
import { Folder } from './folder.js';
import { type HomeNetwork, openHomeNetwork } from './home-network.js';

export interface CompanyOptions {
  readonly tell: (what: string) => void;
}

/** A program that runs, and what it said when it was ready. */
export interface Started {
  readonly program: ChildProgram;
  readonly ready: Line;
  /** What it said before. */
  readonly before: readonly Line[];
}

/** All programs of a play: they come and go together, with their folder. */
export class Company {
  readonly folder = new Folder();
  /** Why the play has no LAN of its own; absent: it has one. */
  readonly noNetwork?: string;
  readonly #options: CompanyOptions;
  readonly #home: HomeNetwork | undefined;
  readonly #started: ChildProgram[] = [];

  constructor(options: CompanyOptions) {
    this.#options = options;
    const network = openHomeNetwork();
    if (typeof network === 'string') this.noNetwork = network;
    else this.#home = network;
  }

  /** Starts a program and waits until it is ready. @throws PosternError `demo.program` */
  start(name: string, args: readonly string[], isReady: (line: Line) => boolean): Promise<Started> {
    return this.#start({ name, args, isReady, within: this.#home?.atHome ?? [] });
  }

  /** Starts a program of the demo's own, by its file; it says `listening` when it is ready. */
  startOwn(name: string, file: string): Promise<Started> {
    return this.#start({ name, args: [], isReady: isListening, entry: entryOf(file), within: this.#home?.atHome ?? [] });
  }

  /** Starts one that is not at home, but next door on the LAN. */
  startNeighbour(name: string, file: string, args: readonly string[]): Promise<Started> {
    return this.#start({ name, args, isReady: isListening, entry: entryOf(file), within: this.#home?.nextDoor ?? [] });
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((program) => program.stop()));
    this.#home?.remove();
    this.folder.remove();
  }

  async #start(start: ChildStart): Promise<Started> {
    this.#options.tell(`starting the ${start.name}`);
    const started = await ChildProgram.start(start);
    this.#started.push(started.program);
    return started;
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
