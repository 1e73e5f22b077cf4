import { isPosternError } from '#src/base/index.js';
import { withMembers } from '#src/dm/session/index.js';
import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { canonicalUri } from '#src/dm/tree/index.js';

/** Nodes that the device says it has deleted: whatever was kept about them goes with them. */
export function deletedNodes(commands: readonly ServerCommand[], replies: readonly Reply[]): string[] {
  const deletes = commands.flatMap((command) => [...withMembers(command)]).filter((command) => command.name === 'Delete');
  return deletes.flatMap(({ CmdID, Item: items = [] }) => {
    const done = replies.filter((reply) => reply.name === 'Status' && reply.CmdRef === CmdID && reply.Data === '200');
    const isDone = (uri: string) => done.some(({ TargetRef }) => TargetRef === undefined || TargetRef.includes(uri));
    return items.flatMap(({ Target }) => (Target !== undefined && isDone(Target.LocURI) ? canonical(Target.LocURI) : []));
  });
}

function canonical(uri: string): string[] {
  try {
    return [canonicalUri(uri)];
  } catch (error) {
    if (isPosternError(error)) return [];
    throw error;
  }
}
