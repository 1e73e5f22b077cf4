import { isPosternError, PosternError } from '#src/base/index.js';
import { isBlock } from '#src/dm/session/index.js';
import type { DecodeLimits, Item, Meta, Payload, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { formatTnds, isTndsType, parseTnds, type TndsNode } from '#src/dm/tree/index.js';
import { isAccountUri } from './account-place.js';

/**
 * Trees in one piece (TNDS, and lists from the root) carry what the overlay is about: ACLs that name servers, and accounts.
 * Southward ACLs are taken off, since the device knows only us, and accounts are refused; northward both are taken out.
 */

/**
 * A server's command with the ACLs taken off the trees in it.
 * @throws PosternError `tree.forbidden` for a tree that would write accounts, `tree.invalid-tnds` and `syncml.*` for one
 * that cannot be read
 */
export function withoutAcls(command: ServerCommand, limits: DecodeLimits, serverId: string): ServerCommand {
  if (isBlock(command)) return { ...command, commands: command.commands.map((member) => withoutAcls(member, limits, serverId)) };
  if (command.name === 'Alert' || !command.Item?.some((item) => carriesTree(item, command.Meta))) return command;
  const clean = (item: Item): Item => {
    if (!carriesTree(item, command.Meta)) return item;
    const keep = (node: TndsNode, base: string) => withoutOwnAcls(node, base, serverId);
    return { ...item, Data: rewrite(item.Data, limits, item.Target?.LocURI ?? '', keep) };
  };
  return { ...command, Item: command.Item.map(clean) };
}

/** A device's answer without the gateway's account and ACLs; none where nothing is left. A tree that cannot be read is not handed on. */
export function cleanReply(reply: Reply, limits: DecodeLimits): Reply[] {
  if (reply.name !== 'Results') return [reply];
  const seen = (reply.Item ?? []).filter((item) => !isAccountUri(item.Source?.LocURI ?? item.Target?.LocURI));
  return seen.length === 0 ? [] : [{ ...reply, Item: seen.map((item) => cleanItem(item, reply.Meta, limits)) }];
}

function cleanItem(item: Item, meta: Meta | undefined, limits: DecodeLimits): Item {
  if (!carriesTree(item, meta)) return item;
  const { Data, ...rest } = item;
  try {
    return { ...rest, Data: rewrite(Data, limits, item.Source?.LocURI ?? '', withoutAccounts) };
  } catch (error) {
    if (isPosternError(error)) return rest;
    throw error;
  }
}

/** By its type, in whichever encoding, or by how it begins: some devices give it the wrong type. */
function carriesTree({ Data, Meta }: Item, meta: Meta | undefined): boolean {
  const type = Meta?.Type ?? meta?.Type ?? '';
  return Data !== undefined && (isTndsType(type) || /dmtnds\+/i.test(type) || beginsTree(text(Data)));
}

function beginsTree(data: string): boolean {
  return /^\s*(?:<[?!][^>]*>\s*)*<(?:[\w.-]+:)?MgmtTree[\s>]/.test(data);
}

function text(data: Payload | undefined): string {
  return typeof data === 'string' ? data : (data?.markup ?? '');
}

/**
 * The nodes that a serialised tree in an Item would write, wherever a device may take them to be; none where it holds a
 * value. A tree that cannot be read may write anything: it is about the root.
 */
export function writtenBy(item: Item, meta: Meta | undefined, limits: DecodeLimits): readonly string[] {
  if (!carriesTree(item, meta)) return [];
  try {
    const base = item.Target?.LocURI.split('?')[0] ?? '';
    return [base, ...parseTnds(text(item.Data), limits).flatMap((node) => placesOf(node, base))];
  } catch (error) {
    if (isPosternError(error)) return ['.'];
    throw error;
  }
}

/** Some take a Path from the command's target, some from the root. */
function placesOf(node: TndsNode, base: string): string[] {
  const place = placeOf(node, base);
  const fromRoot = node.path === undefined ? [] : [`${node.path}/${node.name}`];
  return [place, ...fromRoot, ...node.children.flatMap((child) => placesOf(child, place))];
}

type Keep = (node: TndsNode, base: string) => TndsNode[];

/** Keeps the form in which the tree came: as elements or as text. */
function rewrite(data: Payload | undefined, limits: DecodeLimits, uri: string, keep: Keep): Payload {
  const base = uri.split('?')[0] ?? '';
  const markup = formatTnds(parseTnds(text(data), limits).flatMap((node) => keep(node, base)));
  return typeof data === 'string' ? markup : { markup };
}

function withoutOwnAcls(node: TndsNode, base: string, serverId: string): TndsNode[] {
  if (isAccountNode(node, base)) throw new PosternError('tree.forbidden', { uri: './DMAcc', command: 'Replace', server: serverId });
  const { acl: _, ...rest } = node;
  return [{ ...rest, children: node.children.flatMap((child) => withoutOwnAcls(child, placeOf(node, base), serverId)) }];
}

function withoutAccounts(node: TndsNode, base: string): TndsNode[] {
  if (isAccountNode(node, base)) return [];
  const { acl: _, ...rest } = node;
  return [{ ...rest, children: node.children.flatMap((child) => withoutAccounts(child, placeOf(node, base))) }];
}

/** Some take a Path from the command's target, some from the root. */
function isAccountNode(node: TndsNode, base: string): boolean {
  return isAccountUri(placeOf(node, base)) || (node.path !== undefined && isAccountUri(node.path, node.name));
}

function placeOf({ path, name }: TndsNode, base: string): string {
  return [base, path ?? '', name].join('/');
}
