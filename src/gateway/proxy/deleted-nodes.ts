import { isPosternError } from '#src/base/index.js';
import { withMembers } from '#src/dm/session/index.js';
import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { canonicalUri } from '#src/dm/tree/index.js';

/** Nodes that the device says it has deleted: whatever was kept about them goes with them. */
export function deletedNodes(commands: readonly ServerCommand[], replies: readonly Reply[]): string[] {
  const deletes = commands.flatMap((command) => [...withMembers(command)]).filter((command) => command.name === 'Delete');
  if (deletes.length === 0) return [];
  const done = doneBy(replies);
  return deletes.flatMap(({ CmdID, Item: items = [] }) => {
    const targets = done.get(CmdID);
    const isDone = (uri: string) => targets === 'all' || targets?.has(uri) === true;
    return items.flatMap(({ Target }) => (Target !== undefined && isDone(Target.LocURI) ? canonical(Target.LocURI) : []));
  });
}

/** Which targets of each command the device says are done; it may say so thousands of times. */
function doneBy(replies: readonly Reply[]): ReadonlyMap<string, ReadonlySet<string> | 'all'> {
  const done = new Map<string, Set<string> | 'all'>();
  for (const reply of replies) {
    if (reply.name !== 'Status' || reply.Data !== '200') continue;
    const known = done.get(reply.CmdRef);
    if (known === 'all' || reply.TargetRef === undefined) done.set(reply.CmdRef, 'all');
    else done.set(reply.CmdRef, added(known ?? new Set(), reply.TargetRef));
  }
  return done;
}

function added(to: Set<string>, uris: readonly string[]): Set<string> {
  for (const uri of uris) to.add(uri);
  return to;
}

function canonical(uri: string): string[] {
  try {
    return [canonicalUri(uri)];
  } catch (error) {
    if (isPosternError(error)) return [];
    throw error;
  }
}
