import {
  type Assembly,
  alertCode,
  commandStatus,
  isHeaderStatus,
  type Outgoing,
  receiveChunk,
  type Sent,
  sessionAlert,
} from '../session/index.js';
import type { Alert, BodyCommand, Item, Reply, Results, Status } from '../syncml/index.js';
import type { ServerState } from './server-state.js';

/** What a client said in one message. */
export interface Sorted {
  /** With its statuses and results filed, and the statuses owed in `lead`. */
  readonly state: ServerState;
  readonly judged: readonly Alert[];
  readonly devInfo: readonly Item[];
  readonly opened?: '1200' | '1201';
}

/** Files everything a client may say: statuses, results, alerts and its DevInfo; the rest is not its to say (405). */
export function sortClientMessage(state: ServerState, commands: readonly BodyCommand[]): Sorted {
  const sorting = new Sorting(state);
  for (const command of commands) sorting.sort(command);
  return sorting.sorted();
}

/** Files one command after the other; the state is put together once, after the last. */
class Sorting {
  readonly #before: ServerState;
  readonly #lead: BodyCommand[] = [];
  readonly #replies: Reply[];
  readonly #judged: Alert[] = [];
  readonly #devInfo: Item[] = [];
  #opened: '1200' | '1201' | undefined;
  #assembly: Assembly | undefined;
  #outgoing: Outgoing;

  constructor(before: ServerState) {
    this.#before = before;
    this.#replies = [...before.replies];
    this.#assembly = before.assembly;
    this.#outgoing = before.outgoing;
  }

  sort(command: BodyCommand): void {
    switch (command.name) {
      case 'Status':
        return this.#takeStatus(command);
      case 'Results':
        return this.#takeResults(command);
      case 'Replace':
        this.#devInfo.push(...(command.Item ?? []));
        return this.#owe(command, '200');
      case 'Alert':
        return this.#sortAlert(command);
      default:
        return this.#owe(command, '405');
    }
  }

  sorted(): Sorted {
    const { assembly: _, ...before } = this.#before;
    const assembly = this.#assembly === undefined ? {} : { assembly: this.#assembly };
    const state = { ...before, lead: this.#lead, replies: this.#replies, outgoing: this.#outgoing, ...assembly };
    const opened = this.#opened === undefined ? {} : { opened: this.#opened };
    return { state, judged: this.#judged, devInfo: this.#devInfo, ...opened };
  }

  #sortAlert(alert: Alert): void {
    switch (alert.Data) {
      case alertCode.serverInitiated:
      case alertCode.clientInitiated:
        this.#opened = alert.Data;
        return this.#owe(alert, '200');
      case alertCode.nextMessage:
      case alertCode.sessionAbort:
        return this.#owe(alert, '200');
      case alertCode.noEndOfData:
        this.#stopSending();
        return this.#owe(alert, '200');
      default:
        return this.#takeAlert(alert);
    }
  }

  #owe(command: BodyCommand, code: string): void {
    this.#lead.push(commandStatus(this.#before.leg, command, code));
  }

  #stopSending(): void {
    const { departing: _, ...outgoing } = this.#outgoing;
    this.#outgoing = outgoing;
  }

  #takeStatus(status: Status): void {
    if (isHeaderStatus(status)) return;
    const sent = this.#before.awaited.get(`${status.MsgRef}/${status.CmdRef}`);
    if (sent === undefined || status.Data === '213') return;
    if (this.#outgoing.departing?.command.CmdID === sent.ref) this.#stopSending();
    const { CmdID: _, MsgRef: __, ...said } = status;
    const target = sent.part === undefined || said.TargetRef !== undefined ? {} : { TargetRef: [sent.part] };
    this.#replies.push({ ...said, ...target, CmdRef: sent.ref });
  }

  #takeResults(results: Results): void {
    const received = receiveChunk(this.#assembly, results, this.#before.leg.offer.maxObjSize);
    this.#assembly = 'assembly' in received ? received.assembly : undefined;
    switch (received.kind) {
      case 'whole':
        return this.#keepResults(results);
      case 'buffered':
        return this.#owe(results, '213');
      case 'complete':
        return this.#keepResults(received.command as Results);
      case 'failed':
        return this.#owe(results, received.status);
      case 'interrupted':
        this.#lead.push(sessionAlert(alertCode.noEndOfData));
        return this.#takeResults(results);
    }
  }

  #keepResults(results: Results): void {
    const sent = commandOf(this.#before, results);
    if (sent === undefined) return;
    const { CmdID: _, MsgRef: __, ...said } = results;
    this.#replies.push({ ...said, CmdRef: sent.ref });
  }

  #takeAlert(alert: Alert): void {
    const received = receiveChunk(this.#assembly, alert, this.#before.leg.offer.maxObjSize);
    this.#assembly = 'assembly' in received ? received.assembly : undefined;
    switch (received.kind) {
      case 'whole':
        this.#judged.push(alert);
        return;
      case 'buffered':
        return this.#owe(alert, '213');
      case 'complete':
        this.#judged.push({ ...(received.command as Alert), CmdID: alert.CmdID });
        return;
      case 'failed':
        return this.#owe(alert, received.status);
      case 'interrupted':
        this.#lead.push(sessionAlert(alertCode.noEndOfData));
        return this.#takeAlert(alert);
    }
  }
}

/** MsgRef may be left out in Results: then it is the last command of that CmdID. */
function commandOf({ awaited }: ServerState, { MsgRef, CmdRef }: Results): Sent | undefined {
  if (MsgRef !== undefined) return awaited.get(`${MsgRef}/${CmdRef}`);
  const key = [...awaited.keys()].findLast((sent) => sent.endsWith(`/${CmdRef}`));
  return key === undefined ? undefined : awaited.get(key);
}
