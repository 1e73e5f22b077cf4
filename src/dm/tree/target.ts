import { PosternError } from '#src/base/index.js';
import type { ItemTask } from './execution.js';
import { formatPath, type NodePath, parseAddress } from './uri.js';

/** The LocURI of the Target. @throws PosternError `tree.incomplete` (412) */
export function targetOf({ item, command }: ItemTask): string {
  const uri = item.Target?.LocURI;
  if (uri === undefined) throw new PosternError('tree.incomplete', { command: command.name, missing: 'Target' });
  return uri;
}

/** The target of a command that acts on nodes alone: properties and lists are not added, deleted or copied. */
export function nodeTarget(task: ItemTask): NodePath {
  return nodePath(task, targetOf(task));
}

export function nodePath(task: ItemTask, uri: string): NodePath {
  const { path, query } = parseAddress(uri, task.tree.limits);
  if (query !== undefined) throw notAllowed(task, path);
  return path;
}

export function notAllowed({ command }: ItemTask, path: NodePath): PosternError {
  return new PosternError('tree.not-allowed', { command: command.name, uri: formatPath(path) });
}
