import type { BodyCommand, ServerCommand } from '../syncml/index.js';

/** A command as it was sent, under its CmdID. */
export interface Sent {
  /** What the sender calls it: the CmdID that the command had before it was numbered. */
  readonly ref: string;
  readonly name: BodyCommand['name'];
  /** Where the command was split by its Items: the URI of the one that was sent. */
  readonly part?: string;
}

const unsplit: ReadonlySet<string> = new Set();

/**
 * Gives CmdIDs 1, 2, 3 … in document order, members of Atomic and Sequence included, and tells what each stands for.
 * @param split the commands of which only a part is here
 */
export function numberCommands(
  commands: readonly BodyCommand[],
  split = unsplit,
): {
  readonly commands: readonly BodyCommand[];
  readonly sent: ReadonlyMap<string, Sent>;
} {
  const sent = new Map<string, Sent>();
  const number = <C extends BodyCommand>(command: C): C => {
    const CmdID = String(sent.size + 1);
    sent.set(CmdID, asSent(command, split));
    return isBlock(command) ? { ...command, CmdID, commands: command.commands.map(number) } : { ...command, CmdID };
  };
  return { commands: commands.map(number), sent };
}

function asSent(command: BodyCommand, split: ReadonlySet<string>): Sent {
  const sent = { ref: command.CmdID, name: command.name };
  const part = split.has(command.CmdID) ? partOf(command) : undefined;
  return part === undefined ? sent : { ...sent, part };
}

/** The URI of the first Item. */
export function partOf(command: BodyCommand): string | undefined {
  return 'Item' in command ? command.Item?.[0]?.Target?.LocURI : undefined;
}

export function isBlock(command: BodyCommand): command is Extract<BodyCommand, { name: 'Atomic' | 'Sequence' }> {
  return command.name === 'Atomic' || command.name === 'Sequence';
}

/** A command with its members, depth first. */
export function* withMembers(command: ServerCommand): Generator<ServerCommand> {
  yield command;
  if (isBlock(command)) for (const member of command.commands) yield* withMembers(member);
}
