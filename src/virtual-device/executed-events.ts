import { isPosternError } from '#src/base/index.js';
import { withMembers } from '#src/dm/session/index.js';
import type { Item, Payload, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { parseAddress } from '#src/dm/tree/index.js';
import type { ExecutedEvent } from './events.js';

const longestValue = 1_024;

/** What became of a server's commands, one event for each Status. */
export function executedEvents(commands: readonly ServerCommand[], replies: readonly Reply[]): ExecutedEvent[] {
  const byId = new Map(commands.flatMap((command) => [...withMembers(command)]).map((command) => [command.CmdID, command]));
  return replies.flatMap((reply): ExecutedEvent[] => {
    if (reply.name !== 'Status') return [];
    const uri = reply.TargetRef?.[0];
    const command = byId.get(reply.CmdRef);
    const value = valueFor(command, uri, replies);
    const correlator = command?.name === 'Exec' ? command.Correlator : undefined;
    return [
      {
        event: 'executed',
        command: reply.Cmd ?? '',
        ...(uri === undefined ? {} : { uri }),
        status: reply.Data,
        ...(value === undefined ? {} : { value: value.slice(0, longestValue) }),
        ...(correlator === undefined ? {} : { correlator }),
      },
    ];
  });
}

function valueFor(command: ServerCommand | undefined, uri: string | undefined, replies: readonly Reply[]): string | undefined {
  if (command === undefined || uri === undefined || !('Item' in command) || !mayShow(uri)) return undefined;
  if (command.name === 'Get') return readValue(command.CmdID, uri, replies);
  return textOf(command.Item?.find((item) => item.Target?.LocURI === uri));
}

function readValue(cmdId: string, uri: string, replies: readonly Reply[]): string | undefined {
  const results = replies.find((reply) => reply.name === 'Results' && reply.CmdRef === cmdId && reply.TargetRef?.[0] === uri);
  return results?.name === 'Results' ? textOf(results.Item?.[0]) : undefined;
}

function textOf(item: Item | undefined): string | undefined {
  const data: Payload | undefined = item?.Data;
  return typeof data === 'object' ? data.markup : data;
}

/** Accounts hold passwords and nonces; the root, or what names no node, may hold one too. */
function mayShow(uri: string): boolean {
  try {
    const [first] = parseAddress(uri).path;
    return first !== undefined && first !== 'DMAcc';
  } catch (error) {
    if (isPosternError(error)) return false;
    throw error;
  }
}
