import { createHash } from 'node:crypto';
import { isBlock } from '#src/dm/session/index.js';
import type { ServerCommand } from '#src/dm/syncml/index.js';

/**
 * Correlators are each server's own, and two servers may choose the same. South of us every one begins with a mark of
 * its server, so that an alert that comes days later finds its way back without anything being remembered.
 * @see OMA DM Protocol 1.2 § 8.7 (Generic Alert) and RepPro 1.2 § 6.1 (Correlator)
 */
const separator = '.';

function markOf(serverId: string): string {
  return createHash('sha256').update(serverId).digest('base64url').slice(0, 8);
}

/** A server's commands with its Correlators made unique. */
export function markCorrelators(command: ServerCommand, serverId: string): ServerCommand {
  if (isBlock(command)) return { ...command, commands: command.commands.map((member) => markCorrelators(member, serverId)) };
  if (command.name !== 'Exec' || command.Correlator === undefined) return command;
  return { ...command, Correlator: markOf(serverId) + separator + command.Correlator };
}

/** Whose a Correlator of the device is, and what that server called it; undefined for one that none of these servers gave. */
export function readCorrelator(correlator: string, serverIds: readonly string[]): { serverId: string; correlator: string } | undefined {
  const serverId = serverIds.find((id) => correlator.startsWith(markOf(id) + separator));
  return serverId === undefined ? undefined : { serverId, correlator: correlator.slice(markOf(serverId).length + 1) };
}
