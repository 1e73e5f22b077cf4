import { isPosternError } from '#src/base/index.js';
import { isBlock } from '#src/dm/session/index.js';
import type { DecodeLimits, Item, Meta, Payload, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { formatTnds, isTndsType, isWithin, parseTnds, type TndsNode } from '#src/dm/tree/index.js';
import { accountRoot } from './overlay.js';

/**
 * Trees in one piece (TNDS, and lists from the root) carry what the overlay is about: ACLs that name servers, and accounts.
 * Southward ACLs are taken off, since the device knows only us; northward the gateway's account and ACLs are.
 */

/** A server's commands with the ACLs taken off the trees in them. @throws PosternError for a tree that cannot be read */
export function withoutAcls(command: ServerCommand, limits: DecodeLimits): ServerCommand {
  if (isBlock(command)) return { ...command, commands: command.commands.map((member) => withoutAcls(member, limits)) };
  if (command.name === 'Alert' || command.Item === undefined) return command;
  const strip = (item: Item): Item => (carriesTree(item, command.Meta) ? { ...item, Data: rewrite(item.Data, limits, '') } : item);
  return command.Item.some((item) => carriesTree(item, command.Meta)) ? { ...command, Item: command.Item.map(strip) } : command;
}

/** A device's answer without the gateway's account and ACLs. A tree that cannot be read is not handed on. */
export function cleanReply(reply: Reply, limits: DecodeLimits): Reply {
  if (reply.name !== 'Results') return reply;
  const seen = (reply.Item ?? []).filter((item) => !isAccount(item.Source?.LocURI ?? item.Target?.LocURI));
  return { ...reply, Item: seen.map((item) => cleanItem(item, reply.Meta, limits)) };
}

function cleanItem(item: Item, meta: Meta | undefined, limits: DecodeLimits): Item {
  if (!carriesTree(item, meta)) return item;
  const { Data, ...rest } = item;
  try {
    return { ...rest, Data: rewrite(Data, limits, item.Source?.LocURI ?? '') };
  } catch (error) {
    if (isPosternError(error)) return rest;
    throw error;
  }
}

function carriesTree(item: Item, meta: Meta | undefined): boolean {
  const type = item.Meta?.Type ?? meta?.Type ?? '';
  return item.Data !== undefined && (isTndsType(type) || text(item.Data).includes('MgmtTree'));
}

function text(data: Payload | undefined): string {
  return typeof data === 'string' ? data : (data?.markup ?? '');
}

/** Keeps the form in which the tree came: as elements or as text. */
function rewrite(data: Payload | undefined, limits: DecodeLimits, base: string): Payload {
  const nodes = parseTnds(text(data), limits).flatMap((node) => strip(node, base.split('?')[0] ?? ''));
  const markup = formatTnds(nodes);
  return typeof data === 'string' ? markup : { markup };
}

function strip({ acl: _, ...node }: TndsNode, base: string): TndsNode[] {
  const uri = [base === '' ? '.' : base, node.path, node.name].filter((part) => part !== undefined && part !== '').join('/');
  if (base !== '' && isAccount(uri)) return [];
  return [{ ...node, children: node.children.flatMap((child) => strip(child, base === '' ? '' : uri)) }];
}

function isAccount(uri: string | undefined): boolean {
  if (uri === undefined) return false;
  try {
    return isWithin(uri, `./${accountRoot}`);
  } catch (error) {
    if (isPosternError(error)) return false;
    throw error;
  }
}
