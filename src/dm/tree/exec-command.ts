import { PosternError } from '#src/base/index.js';
import type { ItemOutcome, ItemTask } from './execution.js';
import { readContent } from './item-content.js';
import { requireNode, requireRight } from './rights.js';
import { targetOf } from './target.js';
import { formatPath, parseAddress } from './uri.js';

/** Exec of a node; the node says how it ends. @see OMA DM RepPro 1.2 § 6.5.6 */
export async function executeExec(task: ItemTask): Promise<ItemOutcome> {
  const { tree, context, command } = task;
  const { path, query } = parseAddress(targetOf(task), tree.limits);
  const uri = formatPath(path);
  const at = tree.locate(path);
  const node = requireNode(at);
  if (query !== undefined || node.exec === undefined) throw new PosternError('tree.not-allowed', { command: 'Exec', uri });
  requireRight(tree, at, 'Exec', context.serverId);
  const correlator = command.name === 'Exec' ? command.Correlator : undefined;
  const { text } = readContent(task);
  const outcome = await node.exec(text, { serverId: context.serverId, uri, ...(correlator !== undefined && { correlator }) });
  return typeof outcome === 'number' ? { status: outcome } : outcome;
}
