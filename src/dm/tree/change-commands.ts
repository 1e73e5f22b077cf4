import { PosternError } from '#src/base/index.js';
import type { ItemOutcome, ItemTask } from './execution.js';
import { checkedLeaf, type ItemContent, leafContent, readContent } from './item-content.js';
import type { Addition, Located } from './management-tree.js';
import type { LeafNode, Undo } from './node.js';
import { addNode, deleteNode, replaceLeaf } from './node-changes.js';
import { writeProperty } from './property.js';
import { requireNode, requireRight } from './rights.js';
import { nodePath, nodeTarget, notAllowed, targetOf } from './target.js';
import { addTrees, replaceTree } from './tnds-change.js';
import { formatPath, type NodePath, parseAddress } from './uri.js';

/** Add of a leaf, an interior node or a serialised tree. @see OMA DM RepPro 1.2 § 6.5.1 */
export function executeAdd(task: ItemTask): ItemOutcome {
  const path = nodeTarget(task);
  const content = readContent(task);
  const undo = content.isTnds ? addTrees(task, path, content.text) : addNode(task, path, additionOf(content, path));
  return { status: 200, undo };
}

/** Replace of a value, a property or a whole subtree. @see OMA DM RepPro 1.2 § 6.5.10 */
export function executeReplace(task: ItemTask): ItemOutcome {
  const { tree } = task;
  const { path, query } = parseAddress(targetOf(task), tree.limits);
  const at = tree.locate(path);
  if (query?.kind === 'list') throw notAllowed(task, path);
  const content = readContent(task);
  if (query !== undefined) return { status: 200, undo: writeProperty(task, at, query.name, content.text) };
  requireNode(at);
  return { status: 200, undo: content.isTnds ? replaceTree(task, path, content.text) : replaceValue(task, at, content) };
}

/** Delete of a node with all below it. @see OMA DM RepPro 1.2 § 6.5.5 */
export function executeDelete(task: ItemTask): ItemOutcome {
  const path = nodeTarget(task);
  return { status: 200, undo: deleteNode(task, path) };
}

/** Copy of a leaf's value: Get on the source, Replace on the target or Add on its parent. @see OMA DM RepPro 1.2 § 6.5.4 */
export function executeCopy(task: ItemTask): ItemOutcome {
  const { tree, item, context } = task;
  const source = item.Source?.LocURI;
  if (source === undefined) throw new PosternError('tree.incomplete', { command: 'Copy', missing: 'Source' });
  const path = nodeTarget(task);
  const from = tree.locate(nodePath(task, source));
  const leaf = requireLeaf(from);
  requireRight(tree, from, 'Get', context.serverId);
  const content = { format: leaf.format, type: leaf.type, value: leaf.read() };
  const at = tree.locate(path);
  if (at.missing.length > 0) return { status: 200, undo: addNode(task, path, { kind: 'leaf', ...content }) };
  requireLeaf(at);
  return { status: 200, undo: replaceLeaf(task, at, content) };
}

function replaceValue(task: ItemTask, at: Located, content: ItemContent): Undo {
  const node = requireNode(at);
  if (node.kind === 'interior') throw notAllowed(task, at.path);
  requireRight(task.tree, at, 'Replace', task.context.serverId);
  return replaceLeaf(task, at, leafContent(content, node, formatPath(at.path)));
}

function additionOf(content: ItemContent, path: NodePath): Addition {
  const uri = formatPath(path);
  if (content.format !== 'node') {
    return { kind: 'leaf', ...checkedLeaf(leafContent(content, { format: 'chr', type: 'text/plain' }, uri), uri) };
  }
  if (content.text.trim() !== '') throw new PosternError('tree.invalid-value', { uri, format: 'node' });
  // Servers write the default of leaves on interior nodes too; it names no management object.
  return { kind: 'interior', type: content.type === 'text/plain' ? '' : (content.type ?? '') };
}

function requireLeaf(at: Located): LeafNode {
  const node = requireNode(at);
  if (node.kind !== 'leaf') throw new PosternError('tree.copy-forbidden', { uri: formatPath(at.path) });
  return node;
}
