import { type Assembly, alertCode, commandStatus, type Outgoing, receiveChunk, sessionAlert } from '../session/index.js';
import type { BodyCommand, ServerCommand } from '../syncml/index.js';
import type { ClientState } from './client-state.js';

/** A server's commands, sorted into what is answered at once and what has to be executed. */
export interface Taken {
  readonly state: ClientState;
  readonly lead: readonly BodyCommand[];
  readonly execute: readonly ServerCommand[];
}

export function takeCommands(before: ClientState, commands: readonly ServerCommand[]): Taken {
  const taking = new Taking(before);
  for (const command of commands) taking.take(command);
  return taking.taken();
}

/** Takes one command after the other; the state is put together once, after the last. */
class Taking {
  readonly #before: ClientState;
  readonly #lead: BodyCommand[] = [];
  readonly #execute: ServerCommand[] = [];
  #assembly: Assembly | undefined;
  #outgoing: Outgoing;

  constructor(before: ClientState) {
    this.#before = before;
    this.#assembly = before.assembly;
    this.#outgoing = before.outgoing;
  }

  take(command: ServerCommand): void {
    const code = command.name === 'Alert' ? command.Data : undefined;
    if (code === alertCode.nextMessage) return this.#answer(command, '200');
    if (code !== alertCode.noEndOfData) return this.#takeNodeCommand(command);
    this.#stopSending();
    this.#answer(command, '200');
  }

  taken(): Taken {
    const { assembly: _, ...state } = this.#before;
    const assembly = this.#assembly === undefined ? {} : { assembly: this.#assembly };
    return { state: { ...state, outgoing: this.#outgoing, ...assembly }, lead: this.#lead, execute: this.#execute };
  }

  /** The server has seen the end of an object whose end we did not send: the rest of it is of no use. */
  #stopSending(): void {
    const { departing: _, ...outgoing } = this.#outgoing;
    this.#outgoing = outgoing;
  }

  /** A chunk is buffered, everything whole is executed. */
  #takeNodeCommand(command: ServerCommand): void {
    const received = receiveChunk(this.#assembly, command, this.#before.leg.offer.maxObjSize);
    this.#assembly = 'assembly' in received ? received.assembly : undefined;
    switch (received.kind) {
      case 'whole':
        this.#execute.push(command);
        return;
      case 'buffered':
        return this.#answer(command, '213');
      case 'complete':
        this.#execute.push({ ...received.command, CmdID: command.CmdID } as ServerCommand);
        return;
      case 'failed':
        return this.#answer(command, received.status);
      case 'interrupted':
        this.#lead.push(sessionAlert(alertCode.noEndOfData));
        return this.#takeNodeCommand(command);
    }
  }

  #answer(command: ServerCommand, code: string): void {
    this.#lead.push(commandStatus(this.#before.leg, command, code));
  }
}
