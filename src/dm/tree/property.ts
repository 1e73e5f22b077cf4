import { PosternError } from '#src/base/index.js';
import { formatAcl, isEmptyAcl, parseAcl } from './acl.js';
import type { ItemTask } from './execution.js';
import { sizeOf } from './format.js';
import type { Located, ManagementTree } from './management-tree.js';
import type { TreeNode, Undo } from './node.js';
import { requireAccess, requireAclChange, requireGrant, requireNode } from './rights.js';
import { formatTimestamp } from './timestamp.js';
import { formatPath, type PropertyName } from './uri.js';

const longestTitle = 255;

/**
 * A property as text. The ACL is the node's own, empty where it inherits.
 * @throws PosternError `tree.unsupported-property` (406)
 * @see OMA DM TND 1.2 § 7.7
 */
export function readProperty(tree: ManagementTree, at: Located, name: PropertyName): string {
  const node = requireNode(at);
  const value = readers[name](node, tree, at);
  if (value === undefined) throw new PosternError('tree.unsupported-property', { uri: formatPath(at.path), property: name });
  return value;
}

/** Replace of a property. @throws PosternError 400, 404, 405, 406, 413, 414, 418, 425 */
export function writeProperty(task: ItemTask, at: Located, name: PropertyName, text: string): Undo {
  requireNode(at);
  if (name === 'ACL') return writeAcl(task, at, text);
  if (name === 'Name') return writeName(task, at, text);
  if (name === 'Title') return writeTitle(task, at, text);
  readProperty(task.tree, at, name);
  throw new PosternError('tree.not-allowed', { command: 'Replace', uri: `${formatPath(at.path)}?prop=${name}` });
}

type Reader = (node: TreeNode, tree: ManagementTree, at: Located) => string | undefined;
const readers: Readonly<Record<PropertyName, Reader>> = {
  ACL: (node, tree, at) => formatAcl(tree.ownAcl(at.path, node)),
  Format: (node) => node.format,
  Name: (_node, _tree, at) => at.path.at(-1) ?? '.',
  Size: (node, _tree, at) => sizeProperty(node, at),
  Title: (node) => node.title,
  TStamp: (node) => (node.timestamp ? formatTimestamp(node.timestamp) : undefined),
  Type: (node) => node.type,
  VerNo: (node) => (node.version === undefined ? undefined : String(node.version)),
};

/** Interior nodes have none; the size of a value that nobody may read is nobody's business either. */
function sizeProperty(node: TreeNode, at: Located): string | undefined {
  if (node.kind === 'interior') return undefined;
  requireAccess(at, 'Get');
  return String(sizeOf(node.read(), node.format));
}

function writeAcl({ tree, context }: ItemTask, at: Located, text: string): Undo {
  requireAclChange(tree, at, context.serverId);
  const acl = parseAcl(text);
  if (at.path.length === 0) checkRootAcl(tree, at, acl);
  return tree.setAcl(at.path, acl);
}

/** The root has always an ACL, and who may add to it is not for a server to change. */
function checkRootAcl(tree: ManagementTree, at: Located, acl: ReturnType<typeof parseAcl>): void {
  const before = tree.ownAcl(at.path, at.chain[0]);
  const ids = (list: readonly string[] | undefined) => [...(list ?? [])].sort().join('+');
  if (isEmptyAcl(acl) || ids(before.Add) !== ids(acl.Add)) {
    throw new PosternError('tree.not-allowed', { command: 'Replace', uri: '.?prop=ACL' });
  }
}

function writeName({ tree, context }: ItemTask, at: Located, text: string): Undo {
  const node = requireNode(at);
  if (node.permanent || at.path.length === 0) {
    throw new PosternError('tree.not-allowed', { command: 'Replace', uri: `${formatPath(at.path)}?prop=Name` });
  }
  requireAccess(at, 'Replace');
  requireGrant(tree, at, 'Replace', context.serverId);
  return tree.rename(at.path, text);
}

function writeTitle({ tree, context }: ItemTask, at: Located, text: string): Undo {
  const node = requireNode(at);
  requireGrant(tree, at, 'Replace', context.serverId);
  if (node.setTitle === undefined) {
    const code = node.title === undefined ? 'tree.unsupported-property' : 'tree.not-allowed';
    throw new PosternError(code, { command: 'Replace', property: 'Title', uri: formatPath(at.path) });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > longestTitle) throw new PosternError('tree.value-too-large', { bytes, limit: longestTitle });
  return node.setTitle(text);
}
