import { type Reading, readings } from './reading.js';

/** What a right can be about. A Copy is a Get at its source and an Add and a Replace at its target. */
export const rightCommands = ['Get', 'Replace', 'Add', 'Delete', 'Exec'] as const;
export type RightCommand = (typeof rightCommands)[number];

/**
 * What one authority may do on a device: node URI → commands. The rule of the node, or else of its nearest ancestor with
 * one, decides; where there is none nothing is allowed. Names are compared whole and with their case.
 */
export type Rights = Readonly<Record<string, readonly RightCommand[]>>;

/** One thing that somebody wants to do. */
export interface Demand {
  readonly command: RightCommand;
  readonly uri: string;
  /** It is about everything below the node too. */
  readonly whole?: boolean;
}

/** Something that says what may be done. */
export interface Permissions {
  /** Nothing is ever refused. */
  readonly isOpen: boolean;
  permits(demand: Demand): boolean;
}

/** What all of several allow. */
export function allOf(...parts: readonly Permissions[]): Permissions {
  const binding = parts.filter(({ isOpen }) => !isOpen);
  return { isOpen: binding.length === 0, permits: (demand) => binding.every((part) => part.permits(demand)) };
}

/** Where a rule stands, and where the ways to the rules below lead. */
interface Place {
  commands?: ReadonlySet<RightCommand>;
  readonly below: Map<string, Place>;
}

/** A table of rights, made ready to be asked; without a table everything is allowed. */
export class RightsTable implements Permissions {
  readonly #roots: readonly { readonly read: Reading; readonly root: Place }[] | undefined;

  constructor(rights: Rights | undefined) {
    this.#roots = rights && readings.map((read) => ({ read, root: rootOf(rights, read) }));
  }

  /** Nothing is ever refused. */
  get isOpen(): boolean {
    return this.#roots === undefined;
  }

  permits(demand: Demand): boolean {
    return (this.#roots ?? []).every(({ read, root }) => holds(root, read(demand.uri), demand));
  }

  /** Whether there is any node on which the command is allowed. */
  permitsSomewhere(command: RightCommand): boolean {
    return (this.#roots ?? []).every(({ root }) => someRule(root, (commands) => commands.has(command)));
  }
}

function rootOf(rights: Rights, read: Reading): Place {
  const root: Place = { below: new Map() };
  for (const [uri, commands] of Object.entries(rights)) addRule(root, read(uri), new Set(commands));
  return root;
}

/** Two rules that read alike leave what both allow. */
function addRule(root: Place, path: readonly string[], commands: ReadonlySet<RightCommand>): void {
  let place = root;
  for (const name of path) {
    const next: Place = place.below.get(name) ?? { below: new Map() };
    place.below.set(name, next);
    place = next;
  }
  const earlier = place.commands;
  place.commands = earlier === undefined ? commands : new Set([...commands].filter((command) => earlier.has(command)));
}

function holds(root: Place, path: readonly string[], { command, whole = false }: Demand): boolean {
  let rule = root.commands;
  let place: Place | undefined = root;
  for (const name of path) {
    place = place?.below.get(name);
    rule = place?.commands ?? rule;
  }
  if (rule?.has(command) !== true) return false;
  return !whole || place === undefined || !someRule(place, (commands) => !commands.has(command));
}

function someRule(place: Place, test: (commands: ReadonlySet<RightCommand>) => boolean): boolean {
  if (place.commands !== undefined && test(place.commands)) return true;
  return [...place.below.values()].some((below) => someRule(below, test));
}
