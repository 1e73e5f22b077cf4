import { PosternError } from '#src/base/index.js';
import type { ItemTask } from './execution.js';
import { checkedLeaf } from './item-content.js';
import type { Addition } from './management-tree.js';
import type { InteriorNode, Undo } from './node.js';
import { addNode, deleteNode, replaceLeaf } from './node-changes.js';
import { requireAclChange, requireNode } from './rights.js';
import { parseTnds, type TndsNode } from './tnds.js';
import { changeAll, noChange } from './undo.js';
import { formatPath, type NodePath, parsePath } from './uri.js';

/** Adds everything that a document holds, or nothing. @throws PosternError 400, 405, 414, 415, 418, 420, 425 */
export function addTrees(task: ItemTask, target: NodePath, document: string): Undo {
  const trees = readTrees(task, document);
  return changeAll(trees.map((node) => () => addTree(task, placeOf(node, target, task), node)));
}

/**
 * Makes the target's subtree what a document holds: values replaced, missing nodes deleted, new ones added; all or nothing.
 * Each of these needs the right that it would need as a command of its own.
 * @throws PosternError as addTrees
 */
export function replaceTree(task: ItemTask, target: NodePath, document: string): Undo {
  const [node, ...others] = readTrees(task, document);
  if (node === undefined || others.length > 0) throw new PosternError('tree.invalid-tnds', { what: 'Replace takes one tree' });
  const place = placeOf(node, target, task);
  if (formatPath(place) !== formatPath(target)) {
    throw new PosternError('tree.invalid-tnds', { what: `${formatPath(place)} is not the target of the Replace` });
  }
  return mergeTree(task, target, node);
}

function readTrees({ context }: ItemTask, document: string): TndsNode[] {
  const trees = parseTnds(document, context.decodeLimits);
  if (trees.length === 0) throw new PosternError('tree.invalid-tnds', { what: 'it holds no Node' });
  return trees;
}

/** A node without Path that is called as the target, or has no name, is the target itself. @see OMA DM TNDS 1.2 § 5.1 */
function placeOf(node: TndsNode, target: NodePath, { tree }: ItemTask): NodePath {
  const isTarget = node.path === undefined && (node.name === '' || node.name === target.at(-1));
  if (isTarget) return target;
  const base = [...target, ...parsePath(node.path ?? '', tree.limits)];
  return node.name === '' ? base : [...base, node.name];
}

function addTree(task: ItemTask, path: NodePath, node: TndsNode): Undo {
  const { tree } = task;
  return changeAll([
    () => addNode(task, path, additionOf(node, path)),
    ...(node.acl ? [() => tree.setAcl(path, node.acl ?? {})] : []),
    ...titleChange(task, path, node),
    ...node.children.map((child) => () => addBelow(task, childPath(path, child), child)),
  ]);
}

/** Below a node that the same command has made, its own rights are enough: the whole tree is one Add. */
function addBelow(task: ItemTask, path: NodePath, node: TndsNode): Undo {
  const { tree } = task;
  if (tree.find(path) !== undefined) throw new PosternError('tree.exists', { uri: formatPath(path) });
  return changeAll([
    () => tree.add(path, additionOf(node, path)),
    ...(node.acl ? [() => tree.setAcl(path, node.acl ?? {})] : []),
    ...titleChange(task, path, node),
    ...node.children.map((child) => () => addBelow(task, childPath(path, child), child)),
  ]);
}

function mergeTree(task: ItemTask, path: NodePath, node: TndsNode): Undo {
  const at = task.tree.locate(path);
  if (at.missing.length > 0) return addTree(task, path, node);
  const present = requireNode(at);
  if ((present.kind === 'interior') !== (node.format === 'node')) {
    throw new PosternError('tree.unsupported-format', { format: node.format, uri: formatPath(path) });
  }
  const changes = present.kind === 'interior' ? interiorChanges(task, path, node, present) : leafChanges(task, path, node);
  return changeAll([...changes, ...aclChange(task, path, node), ...titleChange(task, path, node)]);
}

function interiorChanges(task: ItemTask, path: NodePath, node: TndsNode, present: InteriorNode): (() => Undo)[] {
  const wanted = new Set(node.children.map((child) => child.name));
  const gone = [...present.children()].filter((name) => !wanted.has(name));
  return [
    ...gone.map((name) => () => deleteNode(task, [...path, name])),
    ...node.children.map((child) => () => mergeTree(task, childPath(path, child), child)),
  ];
}

function leafChanges(task: ItemTask, path: NodePath, node: TndsNode): (() => Undo)[] {
  return [
    () => {
      const at = task.tree.locate(path);
      const present = requireNode(at);
      const content = { format: leafFormat(node), type: node.type ?? present.type, value: node.value ?? '' };
      return replaceLeaf(task, at, checkedLeaf(content, formatPath(path)));
    },
  ];
}

function aclChange({ tree, context }: ItemTask, path: NodePath, node: TndsNode): (() => Undo)[] {
  const acl = node.acl;
  if (acl === undefined) return [];
  return [
    () => {
      requireAclChange(tree, tree.locate(path), context.serverId);
      return tree.setAcl(path, acl);
    },
  ];
}

function titleChange({ tree }: ItemTask, path: NodePath, { title }: TndsNode): (() => Undo)[] {
  return title === undefined ? [] : [() => tree.find(path)?.setTitle?.(title) ?? noChange];
}

function additionOf(node: TndsNode, path: NodePath): Addition {
  if (node.format === 'node') return { kind: 'interior', type: node.type ?? '' };
  const content = { format: leafFormat(node), type: node.type ?? 'text/plain', value: node.value ?? '' };
  return { kind: 'leaf', ...checkedLeaf(content, formatPath(path)) };
}

function leafFormat({ format }: TndsNode) {
  return format === 'node' ? 'chr' : format;
}

function childPath(path: NodePath, { name }: TndsNode): NodePath {
  return [...path, name];
}
