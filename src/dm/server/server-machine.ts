import {
  alertCode,
  checkPeer,
  commandStatus,
  headerStatus,
  isEmpty,
  isHeaderStatus,
  type Leg,
  needsStatus,
  readHeader,
  readHeaderStatus,
} from '../session/index.js';
import type { BodyCommand, Status, SyncMLMessage } from '../syncml/index.js';
import { abort, deliver, end, proceed, sayAgain, sayStatuses, withEffects } from './outgoing.js';
import type { ServerEffect, ServerInput, ServerState, ServerStep } from './server-state.js';
import { type Sorted, sortClientMessage } from './sort-client-message.js';
import { refuseOversized } from './too-large.js';

/**
 * The DM server's side of a session as a pure machine: packages 1 and 3 in, 2 and 4 out.
 * @see OMA DM Protocol 1.2 § 8
 */
export function stepServer(state: ServerState, input: ServerInput): ServerStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return receive(state, input.message, input.fresh);
    case 'answer':
      return answer(state, input);
    case 'silence':
      return end(state, 'silence', [], input.detail === undefined ? {} : { detail: input.detail });
  }
}

function receive(before: ServerState, message: SyncMLMessage, fresh: string): ServerStep {
  const disorder = outOfOrder(before, message);
  const state = { ...before, leg: enter(before, message) };
  if (disorder !== undefined) return abort(state, [headerStatus(state.leg, '400')], 'protocol', { detail: disorder });

  const client = checkPeer(state.clientAuth, message.SyncHdr.Cred, fresh);
  const header = headerStatus(state.leg, client.status, client.chal);
  const known = { ...state, clientAuth: client.auth, lead: [header] };
  if (client.verdict !== 'accepted') return refuse(known, message, header, client.verdict);
  const stored: ServerEffect[] = client.store === undefined ? [] : [{ kind: 'store-nonce', whose: 'client', nonce: client.store }];
  return withEffects(stored, receiveAuthenticated(known, message, header));
}

function outOfOrder(state: ServerState, { SyncHdr }: SyncMLMessage): string | undefined {
  if (state.phase === 'working') return 'a message came while the last one was not answered';
  if (state.phase === 'new') return undefined;
  if (SyncHdr.SessionID !== state.leg.sessionId) return 'SessionID differs';
  if (SyncHdr.Source.LocURI !== state.leg.peer.uri) return 'Source differs';
  return Number(SyncHdr.MsgID) <= state.leg.received ? 'MsgID did not rise' : undefined;
}

function enter(state: ServerState, { SyncHdr }: SyncMLMessage): Leg {
  if (state.phase !== 'new') return readHeader(state.leg, SyncHdr);
  const { LocURI, LocName } = SyncHdr.Source;
  const peer = LocName === undefined ? { uri: LocURI } : { uri: LocURI, name: LocName };
  const { VerDTD: verDTD, VerProto: verProto, SessionID: sessionId } = SyncHdr;
  return readHeader({ ...state.leg, sessionId, verDTD, verProto, peer }, SyncHdr);
}

/** Commands of a message that is not taken which get a Status each; of more the header's stands for all. An answer to strangers is kept for their repeats. */
const mostRefusals = 100;

/** Nothing of the message is taken: the answer holds a Status for everything, and the challenge. @see OMA DM Security 1.2 § 5.1 */
function refuse(state: ServerState, message: SyncMLMessage, header: Status, verdict: 'challenged' | 'refused'): ServerStep {
  const commands = message.SyncBody.commands.filter(needsStatus);
  const answered = commands.length > mostRefusals ? [] : commands;
  const said = sayStatuses(state, [header, ...answered.map((command) => commandStatus(state.leg, command, header.Data))]);
  if (verdict === 'challenged' || said.state.phase === 'ended') return said;
  return end(said.state, 'peer-not-authenticated', said.effects);
}

function receiveAuthenticated(state: ServerState, message: SyncMLMessage, header: Status): ServerStep {
  const { commands } = message.SyncBody;
  if (commands.some((command) => command.name === 'Alert' && command.Data === alertCode.sessionAbort)) {
    return acceptAbort(state, commands, header);
  }
  const own = judgeOwn(state, commands);
  if (own.verdict === 'refused') {
    const status = own.status === undefined ? {} : { status: own.status };
    return withEffects(own.effects, abort(own.state, [header], 'refused-by-peer', status));
  }
  if (own.verdict === 'retry') return withEffects(own.effects, sayAgain(own.state, header));
  return withEffects(own.effects, take(own.state, message, header));
}

/** A server answers an abort with Status only. What the client said before it is kept. @see OMA DM Protocol 1.2 § 8.7 */
function acceptAbort(state: ServerState, commands: readonly BodyCommand[], header: Status): ServerStep {
  const sorted = sortClientMessage(state, commands);
  const lead = [header, ...sorted.state.lead, ...sorted.judged.map((alert) => commandStatus(state.leg, alert, '215'))];
  const last = sayStatuses({ ...sorted.state, lead: [header] }, lead);
  return last.state.phase === 'ended' ? last : end(last.state, 'aborted-by-peer', last.effects);
}

/** What the client thinks of our credentials. */
function judgeOwn(state: ServerState, commands: readonly BodyCommand[]) {
  const status = commands.find((command): command is Status => command.name === 'Status' && isHeaderStatus(command));
  if (status === undefined || state.leg.sent === 0) return { state, effects: [], verdict: 'good' as const, status: undefined };
  const { auth, verdict, nonce } = readHeaderStatus(state.ownAuth, status);
  const effects: ServerEffect[] = nonce === undefined ? [] : [{ kind: 'store-nonce', whose: 'server', nonce }];
  return { state: { ...state, ownAuth: auth }, effects, verdict, status: status.Data };
}

/** Takes what the client said; the application hears of alerts and DevInfo at once, of replies when all are there. */
function take(before: ServerState, message: SyncMLMessage, header: Status): ServerStep {
  const sorted = sortClientMessage(before, message.SyncBody.commands);
  const { judged, devInfo, opened } = sorted;
  const clientFinal = message.SyncBody.Final === true || saysNothingMore(before, message);
  const state = { ...sorted.state, lead: [header, ...sorted.state.lead], judged, clientFinal };
  const final = (clientFinal || state.open) && isEmpty(state.outgoing);
  if (!final && !hasNews(sorted)) return proceed(state);
  return deliver(state, { alerts: judged, devInfo, final, ...(opened === undefined ? {} : { opened }) });
}

function hasNews({ judged, devInfo, opened }: Sorted): boolean {
  return judged.length > 0 || devInfo.length > 0 || opened !== undefined;
}

/** A client that never sets Final would be asked for more for ever. */
function saysNothingMore({ askedForNext, assembly, awaited }: ServerState, { SyncBody }: SyncMLMessage): boolean {
  const empty = (command: BodyCommand) =>
    command.name === 'Status'
      ? !awaited.has(`${command.MsgRef}/${command.CmdRef}`)
      : command.name === 'Alert' && command.Data === alertCode.nextMessage;
  return askedForNext && assembly === undefined && SyncBody.commands.every(empty);
}

function answer(before: ServerState, input: Extract<ServerInput, { kind: 'answer' }>): ServerStep {
  if (before.phase !== 'working') return end(before, 'protocol', [], { detail: 'there was nothing to answer' });
  const statuses = before.judged.map((alert, at) => commandStatus(before.leg, alert, input.statuses[at] ?? '500'));
  const state: ServerState = { ...before, lead: [...before.lead, ...statuses], judged: [] };
  if (input.abort) return abort(state, state.lead, 'aborted');
  const sendable = refuseOversized(input.commands, state.leg.peerMaxObjSize);
  const queue = [...state.outgoing.queue, ...sendable.commands];
  return proceed({ ...state, outgoing: { ...state.outgoing, queue }, replies: [...state.replies, ...sendable.replies] });
}
