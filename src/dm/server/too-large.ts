import { isBlock, partOf, withMembers } from '../session/index.js';
import type { Item, Reply, ServerCommand } from '../syncml/index.js';

/** A Status that we give ourselves because the client cannot take the command; members are not executed. */
export function tooLarge(command: ServerCommand): Reply[] {
  return [...withMembers(command)].map((member) => ({
    name: 'Status',
    CmdRef: member.CmdID,
    Cmd: member.name,
    Data: member === command ? '413' : '215',
  }));
}

/** The same for one Item of a command that was split by its Items. */
export function partTooLarge(command: ServerCommand): Reply[] {
  const target = partOf(command);
  return tooLarge(command).map((reply) => (target === undefined ? reply : { ...reply, TargetRef: [target] }));
}

/** Keeps back commands with an object larger than the client's MaxObjSize. @see OMA DM Protocol 1.2 § 7 */
export function refuseOversized(
  commands: readonly ServerCommand[],
  maxObjSize: number | undefined,
): { readonly commands: readonly ServerCommand[]; readonly replies: readonly Reply[] } {
  if (maxObjSize === undefined) return { commands, replies: [] };
  const oversized = commands.filter((command) => [...withMembers(command)].some((member) => exceeds(member, maxObjSize)));
  if (oversized.length === 0) return { commands, replies: [] };
  return { commands: commands.filter((command) => !oversized.includes(command)), replies: oversized.flatMap(tooLarge) };
}

function exceeds(command: ServerCommand, maxObjSize: number): boolean {
  if (isBlock(command)) return false;
  return (command.Item ?? []).some((item) => dataLength(item) > maxObjSize);
}

function dataLength({ Data }: Item): number {
  return typeof Data === 'string' ? Data.length : (Data?.markup.length ?? 0);
}
