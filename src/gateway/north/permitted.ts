import { type Demand, demandsOf, type Permissions } from '#src/authority/index.js';
import { isBlock, withMembers } from '#src/dm/session/index.js';
import type { DecodeLimits, Item, NodeCommand, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { writtenBy } from '../proxy/serialised-tree.js';

/** A server's commands, held against its rights. */
export interface Permitted {
  readonly allowed: readonly ServerCommand[];
  /** Statuses of what is not. */
  readonly refused: readonly Reply[];
}

/** @see OMA DM RepPro 1.2 § 10: permission denied; the Atomic failed; not executed */
const denied = '425';
const atomicFailed = '507';
const notExecuted = '215';

/**
 * Takes out what a server may not do, before anything of it is done anywhere. Of several Items the forbidden ones are
 * refused and the rest stays; an Atomic or Sequence with something forbidden in it is refused whole.
 */
export function permitted(commands: readonly ServerCommand[], rights: Permissions, limits: DecodeLimits): Permitted {
  if (rights.isOpen) return { allowed: commands, refused: [] };
  const isForbidden = (command: NodeCommand, item: Item) => !demands(command, item, limits).every((demand) => rights.permits(demand));
  const parts = commands.map((command) => judge(command, isForbidden));
  return { allowed: parts.flatMap((part) => part.allowed), refused: parts.flatMap((part) => part.refused) };
}

type Test = (command: NodeCommand, item: Item) => boolean;

function demands(command: NodeCommand, item: Item, limits: DecodeLimits): readonly Demand[] {
  return demandsOf(command, item, writtenBy(item, command.Meta, limits));
}

function judge(command: ServerCommand, isForbidden: Test): Permitted {
  if (isBlock(command)) return judgeBlock(command, isForbidden);
  const forbidden = forbiddenItems(command, isForbidden);
  if (forbidden.length === 0) return { allowed: [command], refused: [] };
  const refused = forbidden.map((item) => denial(command, [item]));
  const taken = new Set(forbidden);
  const rest = itemsOf(command).filter((item) => !taken.has(item));
  return { allowed: rest.length === 0 ? [] : [{ ...command, Item: rest } as ServerCommand], refused };
}

/** A block is passed on whole or not at all. */
function judgeBlock(block: Extract<ServerCommand, { name: 'Atomic' | 'Sequence' }>, isForbidden: Test): Permitted {
  const members = [...withMembers(block)].slice(1).map((command) => ({ command, forbidden: forbiddenItems(command, isForbidden) }));
  if (members.every(({ forbidden }) => forbidden.length === 0)) return { allowed: [block], refused: [] };
  const own = statusOf(block, block.name === 'Atomic' ? atomicFailed : denied);
  const ofMembers = members.map(({ command, forbidden }) =>
    forbidden.length === 0 ? statusOf(command, notExecuted) : denial(command, forbidden),
  );
  return { allowed: [], refused: [own, ...ofMembers] };
}

/** An Alert is about no node: it is for the person at the device. */
function forbiddenItems(command: ServerCommand, isForbidden: Test): readonly Item[] {
  if (isBlock(command) || command.name === 'Alert') return [];
  return itemsOf(command).filter((item) => isForbidden(command, item));
}

function itemsOf(command: ServerCommand): readonly Item[] {
  return isBlock(command) ? [] : (command.Item ?? []);
}

function denial(command: ServerCommand, items: readonly Item[]): Reply {
  const refs = items.flatMap(({ Target }) => (Target === undefined ? [] : [Target.LocURI]));
  return { ...statusOf(command, denied), ...(refs.length === 0 ? {} : { TargetRef: refs }) };
}

function statusOf(command: ServerCommand, Data: string): Reply {
  return { name: 'Status', CmdRef: command.CmdID, Cmd: command.name, Data };
}
