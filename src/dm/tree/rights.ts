import { PosternError } from '#src/base/index.js';
import { type AccessType, grants } from './acl.js';
import type { Located, ManagementTree } from './management-tree.js';
import type { TreeNode } from './node.js';
import { formatPath } from './uri.js';

/** The node that a path leads to. @throws PosternError `tree.not-found` (404) */
export function requireNode(at: Located): TreeNode {
  const node = at.chain[at.chain.length - 1];
  if (at.missing.length > 0 || node === undefined) throw new PosternError('tree.not-found', { uri: formatPath(at.path) });
  return node;
}

/**
 * Holds a command against the definition of the deepest node that exists, then against its ACL.
 * @throws PosternError `tree.not-allowed` (405), `tree.forbidden` (425)
 */
export function requireRight(tree: ManagementTree, at: Located, command: AccessType, serverId: string): void {
  requireAccess(at, command);
  requireGrant(tree, at, command, serverId);
}

/** @throws PosternError `tree.not-allowed` (405) */
export function requireAccess({ chain, path }: Located, command: AccessType): void {
  const allowed = chain[chain.length - 1]?.access.includes(command);
  if (!allowed) throw new PosternError('tree.not-allowed', { command, uri: formatPath(path) });
}

/** @throws PosternError `tree.forbidden` (425) */
export function requireGrant(tree: ManagementTree, at: Located, command: AccessType, serverId: string): void {
  if (isGranted(tree, at, command, serverId)) return;
  throw new PosternError('tree.forbidden', { command, uri: formatPath(at.path), server: serverId });
}

/** Whether the ACL that holds at this depth of the chain, or at its end, grants the command. */
export function isGranted(tree: ManagementTree, at: Located, command: AccessType, serverId: string, depth?: number): boolean {
  return grants(tree.effectiveAcl(at, depth), command, serverId);
}

/**
 * Who may Replace the ACL of a leaf: only who may Replace its parent. Of an interior node: also who may Replace the node.
 * @throws PosternError `tree.forbidden` (425)
 * @see OMA DM TND 1.2 § 7.7.1
 */
export function requireAclChange(tree: ManagementTree, at: Located, serverId: string): void {
  const depth = at.chain.length - 1;
  const byNode = requireNode(at).kind === 'interior' && isGranted(tree, at, 'Replace', serverId);
  if (byNode || isGranted(tree, at, 'Replace', serverId, depth - 1)) return;
  throw new PosternError('tree.forbidden', { command: 'Replace', uri: `${formatPath(at.path)}?prop=ACL`, server: serverId });
}
