import { PosternError } from '#src/base/index.js';
import type { Item } from '#src/dm/syncml/index.js';
import { type Acl, grants } from './acl.js';
import type { ItemOutcome, ItemTask } from './execution.js';
import { wireFormat } from './format.js';
import { checkObjectSize } from './item-content.js';
import type { Located } from './management-tree.js';
import type { InteriorNode, TreeNode } from './node.js';
import { readProperty } from './property.js';
import { requireGrant, requireNode, requireRight } from './rights.js';
import { targetOf } from './target.js';
import { formatTnds, type TndsNode, tndsType } from './tnds.js';
import { formatPath, type NodePath, type NodeQuery, parseAddress } from './uri.js';

const defaultListedNodes = 10_000;
const plainText = 'text/plain';

/** Get of a value, of child names, of a property or of a list. @see OMA DM RepPro 1.2 § 6.5.7, TND 1.2 § 7.7, TNDS 1.2 § 6 */
export function executeGet(task: ItemTask): ItemOutcome {
  const { tree, context } = task;
  const { path, query } = parseAddress(targetOf(task), tree.limits);
  const at = tree.locate(path);
  context.room?.require();
  const results = resultsFor(task, at, query);
  context.room?.take(results);
  for (const item of results) checkObjectSize(dataLength(item), context.serverMaxObjSize);
  return { status: 200, results };
}

function resultsFor(task: ItemTask, at: Located, query: NodeQuery | undefined): Item[] {
  const { tree, context } = task;
  const node = requireNode(at);
  if (query?.kind === 'property') {
    requireGrant(tree, at, 'Get', context.serverId);
    return [textItem(targetOf(task), 'chr', plainText, readProperty(tree, at, query.name))];
  }
  requireRight(tree, at, 'Get', context.serverId);
  if (query === undefined) return [valueItem(targetOf(task), node)];
  const listed = listNodes(task, at.path, node);
  if (query.form !== 'TNDS') return flatten(listed, at.path).map(([path, entry]) => structItem(path, entry.node, query.form));
  const markup = formatTnds([toTnds(listed, at.path, task)], query.parts);
  const Meta = { Format: 'xml', Type: tndsType };
  return [{ Source: { LocURI: targetOf(task) }, Meta, Data: { markup } }];
}

function valueItem(uri: string, node: TreeNode): Item {
  if (node.kind === 'interior') return textItem(uri, 'node', plainText, [...node.children()].join('/'));
  return textItem(uri, wireFormat(node.format), node.type, node.read());
}

function textItem(uri: string, format: string, type: string, data: string): Item {
  return { Source: { LocURI: uri }, Meta: { Format: format, Type: type }, Data: data };
}

function structItem(path: NodePath, node: TreeNode, form: 'Struct' | 'StructData'): Item {
  const isPlain = node.type === '' || (node.kind === 'leaf' && node.type === plainText);
  const Meta = { Format: wireFormat(node.format), ...(isPlain ? {} : { Type: node.type }) };
  const item: Item = { Source: { LocURI: formatPath(path) }, Meta };
  return form === 'StructData' && node.kind === 'leaf' ? { ...item, Data: node.read() } : item;
}

/** A node that the server may Get, with those below it: what lies under a node that it may not Get stays unseen. */
interface Listed {
  readonly name: string;
  readonly node: TreeNode;
  readonly children: readonly Listed[];
}

function listNodes(task: ItemTask, path: NodePath, node: TreeNode): Listed {
  const { tree, context } = task;
  const limit = context.maxListedNodes ?? defaultListedNodes;
  let left = limit;
  const visit = (at: NodePath, name: string, current: TreeNode, inherited: Acl): Listed => {
    if (--left < 0) throw new PosternError('tree.list-too-long', { uri: formatPath(path), limit });
    const children = current.kind === 'leaf' ? [] : visitChildren(at, current, inherited);
    return { name, node: current, children };
  };
  const visitChildren = (at: NodePath, parent: InteriorNode, inherited: Acl) => {
    const listed: Listed[] = [];
    for (const name of parent.children()) {
      const child = parent.child(name);
      if (child === undefined) continue;
      const below = [...at, name];
      const acl = tree.aclBelow(below, child, inherited);
      if (child.access.includes('Get') && grants(acl, 'Get', context.serverId)) listed.push(visit(below, name, child, acl));
    }
    return listed;
  };
  return visit(path, path.at(-1) ?? '', node, tree.effectiveAcl(tree.locate(path)));
}

function flatten(listed: Listed, path: NodePath): [NodePath, Listed][] {
  return [[path, listed], ...listed.children.flatMap((child) => flatten(child, [...path, child.name]))];
}

function toTnds({ name, node, children }: Listed, path: NodePath, task: ItemTask): TndsNode {
  const { title, timestamp, version, type, format } = node;
  return {
    name,
    format,
    type,
    acl: task.tree.ownAcl(path, node),
    ...(title && { title }),
    ...(timestamp && { timestamp }),
    ...(version && { version }),
    ...(node.kind === 'leaf' && { value: node.read() }),
    children: children.map((child) => toTnds(child, [...path, child.name], task)),
  };
}

function dataLength({ Data }: Item): string {
  return typeof Data === 'object' ? Data.markup : (Data ?? '');
}
