import { isPosternError } from '#src/base/index.js';
import { isBlock, withMembers } from '#src/dm/session/index.js';
import type { Item, NodeCommand, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { defaultUriLimits, executeCommands, formatPath, type ManagementTree, parseAcl, parseAddress } from '#src/dm/tree/index.js';
import { isAccountUri } from './account-place.js';

/**
 * What a server asks of a device and we answer here: its ACLs and its own account. The device knows only the gateway's
 * server id, so its own ACLs would be wrong for every authority, and the gateway's account is nobody's to see.
 */
export interface Overlay {
  /** `./DMAcc` as this server may see and change it. */
  readonly accounts: ManagementTree;
  readonly serverId: string;
  /** ACLs that this server set, by canonical URI. */
  readonly acls: { get(uri: string): string | undefined; put(uri: string, acl: string): void };
}

export interface Split {
  /** For the device. */
  readonly south: readonly ServerCommand[];
  /** Answered here. */
  readonly replies: readonly Reply[];
}

/** @see OMA DM TND 1.2 § 7.7.1: the root always has an ACL */
const rootAcl = 'Add=*&Get=*';
/** Characters of an ACL that is kept here: some twenty servers for each command. */
const longestAcl = 2_048;

/** Takes out of a server's commands what the device must not see. A command with several Items is divided by them. */
export async function splitCommands(commands: readonly ServerCommand[], overlay: Overlay): Promise<Split> {
  const parts = await Promise.all(commands.map((command) => splitCommand(command, overlay)));
  return { south: parts.flatMap((part) => part.south), replies: parts.flatMap((part) => part.replies) };
}

async function splitCommand(command: ServerCommand, overlay: Overlay): Promise<Split> {
  if (isBlock(command)) return splitBlock(command);
  if (command.name === 'Alert') return { south: [command], replies: [] };
  const items = command.Item ?? [];
  const ours = items.filter((item) => concernOfItem(command, item) !== undefined);
  if (ours.length === 0) return { south: [command], replies: [] };
  const taken = new Set(ours);
  const theirs = items.filter((item) => !taken.has(item));
  const replies = await Promise.all(ours.map((item) => answer({ ...command, Item: [item] }, item, overlay)));
  return { south: theirs.length === 0 ? [] : [{ ...command, Item: theirs }], replies: replies.flat() };
}

/** A block is passed on whole or not at all, and one that touches the overlay could not be undone as one. */
function splitBlock(block: Extract<ServerCommand, { name: 'Atomic' | 'Sequence' }>): Split {
  const members = [...withMembers(block)].slice(1);
  const touching = new Set(members.filter(touchesOverlay));
  if (touching.size === 0) return { south: [block], replies: [] };
  const code = (member: ServerCommand) => (touching.has(member) ? '406' : '215');
  const own = statusOf(block, block.name === 'Atomic' ? '507' : '406');
  return { south: [], replies: [own, ...members.map((member) => statusOf(member, code(member)))] };
}

function touchesOverlay(member: ServerCommand): boolean {
  if (isBlock(member) || member.name === 'Alert') return false;
  return (member.Item ?? []).some((item) => concernOfItem(member, item) !== undefined);
}

type Concern = 'account' | 'acl';

/** Which part of the overlay an Item is about; undefined: none, it is the device's. */
function concernOfItem(command: NodeCommand, item: Item): Concern | undefined {
  const target = concernOf(item.Target?.LocURI);
  return target ?? (command.name === 'Copy' ? concernOf(item.Source?.LocURI) : undefined);
}

function concernOf(uri: string | undefined): Concern | undefined {
  if (uri === undefined) return undefined;
  if (isAccountUri(uri)) return 'account';
  return /\?prop=ACL$/.test(uri) ? 'acl' : undefined;
}

/** The node that a property is asked of; a status for what names none, or one too long to be kept. */
function nodeOf(uri: string): { readonly node: string } | { readonly status: string } {
  try {
    return { node: formatPath(parseAddress(uri.split('?')[0] ?? '', defaultUriLimits).path) };
  } catch (error) {
    if (isPosternError(error)) return { status: String(error.status ?? 404) };
    throw error;
  }
}

async function answer(command: NodeCommand, item: Item, overlay: Overlay): Promise<Reply[]> {
  if (concernOfItem(command, item) === 'acl') return answerAcl(command, item, overlay.acls);
  const replies = await executeCommands(overlay.accounts, [command], { serverId: overlay.serverId });
  return replies.map((reply) => (reply.name === 'Status' && reply.TargetRef === undefined ? { ...reply, ...about(item) } : reply));
}

/** @see OMA DM TND 1.2 § 7.7.1: an ACL is read and replaced, nothing else; one that is not set reads as empty */
function answerAcl(command: NodeCommand, item: Item, acls: Overlay['acls']): Reply[] {
  const LocURI = item.Target?.LocURI ?? '';
  const place = nodeOf(LocURI);
  if ('status' in place) return [{ ...statusOf(command, place.status), ...about(item) }];
  const { node } = place;
  if (command.name === 'Get') {
    const Data = acls.get(node) ?? (node === '.' ? rootAcl : '');
    const result = { Source: { LocURI }, Meta: { Format: 'chr', Type: 'text/plain' }, Data };
    return [
      { ...statusOf(command, '200'), ...about(item) },
      { name: 'Results', CmdRef: command.CmdID, Item: [result] },
    ];
  }
  const code = command.name === 'Replace' ? replaceAcl(acls, node, item) : '405';
  return [{ ...statusOf(command, code), ...about(item) }];
}

function replaceAcl(acls: Overlay['acls'], node: string, { Data }: Item): string {
  if (typeof Data !== 'string') return '412';
  if (Data.length > longestAcl) return '413';
  try {
    parseAcl(Data);
    acls.put(node, Data);
    return '200';
  } catch (error) {
    if (isPosternError(error)) return String(error.status ?? 400);
    throw error;
  }
}

function statusOf(command: ServerCommand, code: string): Reply {
  return { name: 'Status', CmdRef: command.CmdID, Cmd: command.name, Data: code };
}

function about({ Target }: Item): { readonly TargetRef?: readonly string[] } {
  return Target === undefined ? {} : { TargetRef: [Target.LocURI] };
}
