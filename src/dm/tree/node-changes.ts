import { PosternError } from '#src/base/index.js';
import { creatorAcl } from './acl.js';
import type { ItemTask } from './execution.js';
import type { Addition, Located, ManagementTree } from './management-tree.js';
import type { LeafContent, Undo } from './node.js';
import { isGranted, requireNode, requireRight } from './rights.js';
import { changeAll } from './undo.js';
import { formatPath, type NodePath } from './uri.js';

/**
 * Makes a node and the interior nodes that are missing above it.
 * Who makes an interior node under a parent that it may not Replace gets the right to change what it made.
 * @throws PosternError 405, 414, 415, 418, 420, 425
 */
export function addNode({ tree, context }: ItemTask, path: NodePath, addition: Addition): Undo {
  const at = tree.locate(path);
  if (at.missing.length === 0) throw new PosternError('tree.exists', { uri: formatPath(path) });
  requireRight(tree, at, 'Add', context.serverId);
  const implicit = path.slice(at.chain.length - 1, -1).map((_, index) => path.slice(0, at.chain.length + index));
  const changes = implicit.map((parent) => () => tree.add(parent, { kind: 'interior', type: '' }));
  changes.push(() => tree.add(path, addition));
  if (addition.kind === 'interior' && !isGranted(tree, at, 'Replace', context.serverId)) {
    changes.push(() => tree.setAcl(path, creatorAcl(tree.effectiveAcl(at), context.serverId)));
  }
  return changeAll(changes);
}

/** @throws PosternError 404, 405, 425 */
export function deleteNode({ tree, context }: ItemTask, path: NodePath): Undo {
  const at = tree.locate(path);
  const node = requireNode(at);
  if (node.permanent || path.length === 0) throw new PosternError('tree.not-allowed', { command: 'Delete', uri: formatPath(path) });
  requireRight(tree, at, 'Delete', context.serverId);
  requireDeleteBelow(tree, at, context.serverId);
  return tree.remove(path);
}

/** Replaces a leaf's value. @throws PosternError 405, 415, 425 */
export function replaceLeaf({ tree, context }: ItemTask, at: Located, content: LeafContent): Undo {
  requireRight(tree, at, 'Replace', context.serverId);
  const leaf = requireNode(at);
  const isOther = leaf.format !== content.format || bareType(leaf.type) !== bareType(content.type);
  if (leaf.kind === 'leaf' && leaf.fixed && isOther) {
    throw new PosternError('tree.unsupported-format', { format: `${content.format}, ${content.type}`, uri: formatPath(at.path) });
  }
  return tree.write(at.path, leaf.kind === 'leaf' && leaf.fixed ? { ...content, type: leaf.type } : content);
}

/** What another authority has fenced with an ACL of its own is not deleted together with what lies above it. */
function requireDeleteBelow(tree: ManagementTree, at: Located, serverId: string): void {
  const fenced = tree.aclsBelow(at.path).find((path) => !isGranted(tree, tree.locate(path), 'Delete', serverId));
  if (fenced !== undefined) {
    throw new PosternError('tree.forbidden', { command: 'Delete', uri: formatPath(fenced), server: serverId });
  }
}

function bareType(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}
