import type { BodyCommand, ServerCommand } from '../syncml/index.js';

/** A command as it was sent, under its CmdID. */
export interface Sent {
  /** What the sender calls it: the CmdID that the command had before it was numbered. */
  readonly ref: string;
  readonly name: BodyCommand['name'];
}

/** Gives CmdIDs 1, 2, 3 … in document order, members of Atomic and Sequence included, and tells what each stands for. */
export function numberCommands(commands: readonly BodyCommand[]): {
  readonly commands: readonly BodyCommand[];
  readonly sent: ReadonlyMap<string, Sent>;
} {
  const sent = new Map<string, Sent>();
  const number = <C extends BodyCommand>(command: C): C => {
    const CmdID = String(sent.size + 1);
    sent.set(CmdID, { ref: command.CmdID, name: command.name });
    return isBlock(command) ? { ...command, CmdID, commands: command.commands.map(number) } : { ...command, CmdID };
  };
  return { commands: commands.map(number), sent };
}

export function isBlock(command: BodyCommand): command is Extract<BodyCommand, { name: 'Atomic' | 'Sequence' }> {
  return command.name === 'Atomic' || command.name === 'Sequence';
}

/** A command with its members, depth first. */
export function* withMembers(command: ServerCommand): Generator<ServerCommand> {
  yield command;
  if (isBlock(command)) for (const member of command.commands) yield* withMembers(member);
}
