import { alertCode, commandStatus, receiveChunk, sessionAlert } from '../session/index.js';
import type { BodyCommand, ServerCommand } from '../syncml/index.js';
import type { ClientState } from './client-state.js';

/** A server's commands, sorted into what is answered at once and what has to be executed. */
export interface Taken {
  readonly state: ClientState;
  readonly lead: readonly BodyCommand[];
  readonly execute: readonly ServerCommand[];
}

export function takeCommands(before: ClientState, commands: readonly ServerCommand[]): Taken {
  return commands.reduce<Taken>(takeCommand, { state: before, lead: [], execute: [] });
}

function takeCommand(taken: Taken, command: ServerCommand): Taken {
  const code = command.name === 'Alert' ? command.Data : undefined;
  if (code === alertCode.nextMessage) return withStatus(taken, command, '200');
  if (code === alertCode.noEndOfData) return withStatus(stopSending(taken), command, '200');
  return takeNodeCommand(taken, command);
}

/** The server has seen the end of an object whose end we did not send: the rest of it is of no use. */
function stopSending(taken: Taken): Taken {
  const { departing: _, ...outgoing } = taken.state.outgoing;
  return { ...taken, state: { ...taken.state, outgoing } };
}

/** A chunk is buffered, everything whole is executed. */
function takeNodeCommand(taken: Taken, command: ServerCommand): Taken {
  const received = receiveChunk(taken.state.assembly, command, taken.state.leg.offer.maxObjSize);
  const { assembly, ...rest } = taken.state;
  const without = { ...taken, state: rest };
  switch (received.kind) {
    case 'whole':
      return { ...without, execute: [...taken.execute, command] };
    case 'buffered':
      return withStatus({ ...taken, state: { ...rest, assembly: received.assembly } }, command, '213');
    case 'complete':
      return { ...without, execute: [...taken.execute, { ...received.command, CmdID: command.CmdID } as ServerCommand] };
    case 'failed':
      return withStatus(
        received.assembly === undefined ? without : { ...taken, state: { ...rest, assembly: received.assembly } },
        command,
        received.status,
      );
    case 'interrupted':
      return takeNodeCommand({ ...without, lead: [...taken.lead, sessionAlert(alertCode.noEndOfData)] }, command);
  }
}

function withStatus(taken: Taken, command: ServerCommand, code: string): Taken {
  return { ...taken, lead: [...taken.lead, commandStatus(taken.state.leg, command, code)] };
}
