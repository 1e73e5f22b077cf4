import { alertCode, commandStatus, isHeaderStatus, receiveChunk, type Sent, sessionAlert } from '../session/index.js';
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
  return commands.reduce<Sorted>(sortCommand, { state: { ...state, lead: [] }, judged: [], devInfo: [] });
}

function sortCommand(sorted: Sorted, command: BodyCommand): Sorted {
  switch (command.name) {
    case 'Status':
      return { ...sorted, state: takeStatus(sorted.state, command) };
    case 'Results':
      return { ...sorted, state: takeResults(sorted.state, command) };
    case 'Replace':
      return { ...withStatus(sorted, command, '200'), devInfo: [...sorted.devInfo, ...(command.Item ?? [])] };
    case 'Alert':
      return sortAlert(sorted, command);
    default:
      return withStatus(sorted, command, '405');
  }
}

function sortAlert(sorted: Sorted, alert: Alert): Sorted {
  switch (alert.Data) {
    case alertCode.serverInitiated:
    case alertCode.clientInitiated:
      return { ...withStatus(sorted, alert, '200'), opened: alert.Data };
    case alertCode.nextMessage:
    case alertCode.sessionAbort:
      return withStatus(sorted, alert, '200');
    case alertCode.noEndOfData:
      return withStatus({ ...sorted, state: stopSending(sorted.state) }, alert, '200');
    default:
      return takeAlert(sorted, alert);
  }
}

function withStatus(sorted: Sorted, command: BodyCommand, code: string): Sorted {
  return { ...sorted, state: owe(sorted.state, command, code) };
}

function owe(state: ServerState, command: BodyCommand, code: string): ServerState {
  return { ...state, lead: [...state.lead, commandStatus(state.leg, command, code)] };
}

function stopSending(state: ServerState): ServerState {
  const { departing: _, ...outgoing } = state.outgoing;
  return { ...state, outgoing };
}

function takeStatus(state: ServerState, status: Status): ServerState {
  if (isHeaderStatus(status)) return state;
  const sent = state.awaited.get(`${status.MsgRef}/${status.CmdRef}`);
  if (sent === undefined) return state;
  const ofChunk = state.outgoing.departing?.command.CmdID === sent.ref;
  if (status.Data === '213') return state;
  const { CmdID: _, MsgRef: __, ...said } = status;
  const target = sent.part === undefined || said.TargetRef !== undefined ? {} : { TargetRef: [sent.part] };
  return keep(ofChunk ? stopSending(state) : state, { ...said, ...target, CmdRef: sent.ref });
}

function keep(state: ServerState, reply: Reply): ServerState {
  return { ...state, replies: [...state.replies, reply] };
}

function takeResults(state: ServerState, results: Results): ServerState {
  const received = receiveChunk(state.assembly, results, state.leg.offer.maxObjSize);
  const { assembly, ...rest } = state;
  switch (received.kind) {
    case 'whole':
      return keepResults(rest, results);
    case 'buffered':
      return owe({ ...rest, assembly: received.assembly }, results, '213');
    case 'complete':
      return keepResults(rest, received.command as Results);
    case 'failed':
      return owe(received.assembly === undefined ? rest : { ...rest, assembly: received.assembly }, results, received.status);
    case 'interrupted':
      return takeResults(sayNoEnd(rest), results);
  }
}

function sayNoEnd(state: ServerState): ServerState {
  return { ...state, lead: [...state.lead, sessionAlert(alertCode.noEndOfData)] };
}

function keepResults(state: ServerState, results: Results): ServerState {
  const sent = commandOf(state, results);
  if (sent === undefined) return state;
  const { CmdID: _, MsgRef: __, ...said } = results;
  return keep(state, { ...said, CmdRef: sent.ref });
}

/** MsgRef may be left out in Results: then it is the last command of that CmdID. */
function commandOf({ awaited }: ServerState, { MsgRef, CmdRef }: Results): Sent | undefined {
  if (MsgRef !== undefined) return awaited.get(`${MsgRef}/${CmdRef}`);
  const key = [...awaited.keys()].findLast((sent) => sent.endsWith(`/${CmdRef}`));
  return key === undefined ? undefined : awaited.get(key);
}

function takeAlert(sorted: Sorted, alert: Alert): Sorted {
  const received = receiveChunk(sorted.state.assembly, alert, sorted.state.leg.offer.maxObjSize);
  const { assembly, ...state } = sorted.state;
  switch (received.kind) {
    case 'whole':
      return { ...sorted, state, judged: [...sorted.judged, alert] };
    case 'buffered':
      return withStatus({ ...sorted, state: { ...state, assembly: received.assembly } }, alert, '213');
    case 'complete':
      return { ...sorted, state, judged: [...sorted.judged, { ...(received.command as Alert), CmdID: alert.CmdID }] };
    case 'failed':
      return withStatus(
        { ...sorted, state: received.assembly === undefined ? state : { ...state, assembly: received.assembly } },
        alert,
        received.status,
      );
    case 'interrupted':
      return takeAlert({ ...sorted, state: sayNoEnd(state) }, alert);
  }
}
