import { isBlock } from '#src/dm/session/index.js';
import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';

/**
 * The device's answers to commands of which it got only some Items: a Status that speaks of the whole command says now
 * which Items it is about, for the others have Statuses of their own.
 */
export function withTargets(replies: readonly Reply[], asked: readonly ServerCommand[], sent: readonly ServerCommand[]): readonly Reply[] {
  const whole = new Map(asked.map((command) => [command.CmdID, targetsOf(command).length]));
  const divided = sent.filter((command) => targetsOf(command).length < (whole.get(command.CmdID) ?? 0));
  const targets = new Map(divided.map((command) => [command.CmdID, targetsOf(command)]));
  return replies.map((reply) => {
    const about = reply.name === 'Status' && reply.TargetRef === undefined ? targets.get(reply.CmdRef) : undefined;
    return about === undefined ? reply : { ...reply, TargetRef: about };
  });
}

function targetsOf(command: ServerCommand): readonly string[] {
  if (isBlock(command)) return [];
  return (command.Item ?? []).flatMap(({ Target }) => (Target === undefined ? [] : [Target.LocURI]));
}
