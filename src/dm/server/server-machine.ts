import type { Alert, BodyCommand, Item, Reply, Results, ServerCommand, Status, SyncMLMessage } from '../syncml/index.js';
import {
  type Assembly,
  alertCode,
  checkPeer,
  commandStatus,
  compose,
  type EndReason,
  headerStatus,
  isHeaderStatus,
  type Leg,
  needsStatus,
  nextCred,
  nothingOutgoing,
  type Outgoing,
  type OwnAuth,
  type Party,
  type PeerAuth,
  readHeader,
  readHeaderStatus,
  receiveChunk,
  type Sent,
  type SessionEffect,
  type Sizes,
  sessionAlert,
} from '../session/index.js';
import { refuseOversized, tooLarge } from './too-large.js';

/**
 * The DM server's side of a session as a pure machine: packages 1 and 3 in, 2 and 4 out.
 * @see OMA DM Protocol 1.2 § 8
 */
export interface ServerSetup {
  /** Our address and server id. */
  readonly own: Party;
  /** Where the client's further messages shall go. */
  readonly respUri?: string;
  readonly offer: Sizes;
  /** How we prove ourselves; absent: by the transport alone. */
  readonly ownAuth?: OwnAuth;
  readonly clientAuth: PeerAuth;
  readonly encode: (message: SyncMLMessage) => Uint8Array;
}

export interface ServerState {
  readonly setup: ServerSetup;
  readonly phase: 'new' | 'waiting' | 'working' | 'ended';
  readonly leg: Leg;
  readonly ownAuth: OwnAuth | undefined;
  readonly clientAuth: PeerAuth;
  readonly outgoing: Outgoing;
  /** Commands that wait for their Status, under `MsgID/CmdID`. */
  readonly awaited: ReadonlyMap<string, Sent>;
  /** Answers of the client to the commands of one `answer`, gathered until all are there. */
  readonly replies: readonly Reply[];
  /** A result that has begun to arrive. */
  readonly assembly?: Assembly;
  /** Statuses owed for the message in work, without those of the alerts that the application judges. */
  readonly lead: readonly BodyCommand[];
  /** Alerts that the application judges. */
  readonly judged: readonly Alert[];
  /** Whether the message in work closed the client's package. */
  readonly clientFinal: boolean;
  /** We asked for the next message of an unfinished package. */
  readonly askedForNext: boolean;
  /** The commands of the last message, to send them again with credentials. */
  readonly said: readonly ServerCommand[];
}

export type ServerInput =
  /** `fresh`: a new nonce, Base64, for the client's next credentials. */
  | { readonly kind: 'message'; readonly message: SyncMLMessage; readonly fresh: string }
  /**
   * The application's answer to `deliver`: a Status for each alert, and the next commands (none: the session ends).
   * Their CmdIDs are the application's own and come back in the replies. With `abort` the session ends with 1223.
   */
  | { readonly kind: 'answer'; readonly statuses: readonly string[]; readonly commands: readonly ServerCommand[]; readonly abort?: boolean }
  | { readonly kind: 'silence'; readonly detail?: string };

/** What a client said, for the application. */
export interface Delivery {
  /** 1200 or 1201, in the first one. */
  readonly opened?: '1200' | '1201';
  /** DevInfo leaves, as the client gave them. */
  readonly devInfo: readonly Item[];
  /** To be judged with a Status each (1226, 1224 and what else a client may say). */
  readonly alerts: readonly Alert[];
  /** What became of the commands of the last answer; complete when `final`. */
  readonly replies: readonly Reply[];
  /** Whether commands may be answered now. */
  readonly final: boolean;
}

export type ServerEffect = SessionEffect | ({ readonly kind: 'deliver' } & Delivery);

export interface ServerStep {
  readonly state: ServerState;
  readonly effects: readonly ServerEffect[];
}

export function newServer(setup: ServerSetup): ServerState {
  return {
    setup,
    phase: 'new',
    leg: {
      sessionId: '',
      verDTD: '1.2',
      verProto: 'DM/1.2',
      own: setup.own,
      peer: { uri: '' },
      offer: setup.offer,
      sent: 0,
      received: 0,
      ...(setup.respUri === undefined ? {} : { respUri: setup.respUri }),
    },
    ownAuth: setup.ownAuth,
    clientAuth: setup.clientAuth,
    outgoing: nothingOutgoing,
    awaited: new Map(),
    replies: [],
    lead: [],
    judged: [],
    clientFinal: true,
    askedForNext: false,
    said: [],
  };
}

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
  if (disorder !== undefined) return abort(state, [headerStatus(state.leg, '400')], 'protocol', disorder);

  const client = checkPeer(state.clientAuth, message.SyncHdr.Cred, fresh);
  const header = headerStatus(state.leg, client.status, client.chal);
  const known = { ...state, clientAuth: client.auth };
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

/** Nothing of the message is taken: it holds a Status for everything, and the challenge. @see OMA DM Security 1.2 § 5.1 */
function refuse(state: ServerState, message: SyncMLMessage, header: Status, verdict: 'challenged' | 'refused'): ServerStep {
  const statuses = message.SyncBody.commands.filter(needsStatus).map((command) => commandStatus(state.leg, command, header.Data));
  const said = say({ ...state, outgoing: nothingOutgoing }, [header, ...statuses], 'always', false);
  return verdict === 'challenged' ? said : end(said.state, 'peer-not-authenticated', said.effects);
}

function receiveAuthenticated(state: ServerState, message: SyncMLMessage, header: Status): ServerStep {
  const { commands } = message.SyncBody;
  if (commands.some((command) => command.name === 'Alert' && command.Data === alertCode.sessionAbort)) {
    return acceptAbort(state, commands, header);
  }
  const own = judgeOwn(state, commands);
  if (own.verdict === 'refused') {
    return withEffects(own.effects, abort(own.state, [header], 'refused-by-peer', undefined, own.status));
  }
  if (own.verdict === 'retry') return withEffects(own.effects, sayAgain(own.state, header));
  return withEffects(own.effects, take(own.state, message, header));
}

/** A server answers an abort with Status only. @see OMA DM Protocol 1.2 § 8.7 */
function acceptAbort(state: ServerState, commands: readonly BodyCommand[], header: Status): ServerStep {
  const sorted = sort(state, commands);
  const lead = [header, ...sorted.state.lead, ...sorted.judged.map((alert) => commandStatus(state.leg, alert, '215'))];
  const last = say({ ...sorted.state, outgoing: nothingOutgoing }, lead, 'always', false);
  return end(last.state, 'aborted-by-peer', last.effects);
}

/** What the client thinks of our credentials. */
function judgeOwn(state: ServerState, commands: readonly BodyCommand[]) {
  const status = commands.find((command): command is Status => command.name === 'Status' && isHeaderStatus(command));
  if (status === undefined || state.leg.sent === 0) return { state, effects: [], verdict: 'good' as const, status: undefined };
  const { auth, verdict, nonce } = readHeaderStatus(state.ownAuth, status);
  const effects: ServerEffect[] = nonce === undefined ? [] : [{ kind: 'store-nonce', whose: 'server', nonce }];
  return { state: { ...state, ownAuth: auth }, effects, verdict, status: status.Data };
}

/** Sends the last commands again, now with the credentials that the client asked for. */
function sayAgain(state: ServerState, header: Status): ServerStep {
  const outgoing = { ...state.outgoing, queue: [...state.said, ...state.outgoing.queue] };
  return say({ ...state, outgoing, awaited: new Map() }, [header], 'when-no-chunk', false);
}

function take(before: ServerState, message: SyncMLMessage, header: Status): ServerStep {
  const sorted = sort(before, message.SyncBody.commands);
  const clientFinal = message.SyncBody.Final === true || saysNothingMore(before, message);
  const state = { ...sorted.state, lead: [header, ...sorted.state.lead], judged: sorted.judged, clientFinal };
  const busy = state.outgoing.departing !== undefined || state.outgoing.queue.length > 0;
  const complete = clientFinal && !busy;
  if (!complete && sorted.judged.length === 0) return proceed(state);
  return deliver(state, sorted, complete);
}

/** A client that never sets Final would be asked for more for ever. */
function saysNothingMore(state: ServerState, { SyncBody }: SyncMLMessage): boolean {
  return state.askedForNext && state.assembly === undefined && SyncBody.commands.every((command) => command.name === 'Status');
}

function deliver(state: ServerState, { devInfo, opened, judged }: Sorted, final: boolean): ServerStep {
  const delivery: Delivery = {
    devInfo,
    alerts: judged,
    replies: final ? state.replies : [],
    final,
    ...(opened === undefined ? {} : { opened }),
  };
  const rest = final ? { ...state, replies: [], awaited: new Map() } : state;
  return { state: { ...rest, phase: 'working' }, effects: [{ kind: 'deliver', ...delivery }] };
}

interface Sorted {
  readonly state: ServerState;
  readonly judged: readonly Alert[];
  readonly devInfo: readonly Item[];
  readonly opened?: '1200' | '1201';
}

/** Files everything a client may say: statuses, results, alerts and its DevInfo; the rest is not its to say (405). */
function sort(before: ServerState, commands: readonly BodyCommand[]): Sorted {
  let state: ServerState = { ...before, lead: [] };
  const judged: Alert[] = [];
  const devInfo: Item[] = [];
  let opened: '1200' | '1201' | undefined;
  for (const command of commands) {
    if (command.name === 'Status') state = takeStatus(state, command);
    else if (command.name === 'Results') state = takeResults(state, command);
    else if (command.name === 'Replace') {
      devInfo.push(...(command.Item ?? []));
      state = withStatus(state, command, '200');
    } else if (command.name !== 'Alert') state = withStatus(state, command, '405');
    else if (command.Data === alertCode.serverInitiated || command.Data === alertCode.clientInitiated) {
      opened = command.Data;
      state = withStatus(state, command, '200');
    } else state = takeAlert(state, command, judged);
  }
  return { state, judged, devInfo, ...(opened === undefined ? {} : { opened }) };
}

function withStatus(state: ServerState, command: BodyCommand, code: string): ServerState {
  return { ...state, lead: [...state.lead, commandStatus(state.leg, command, code)] };
}

function takeStatus(state: ServerState, status: Status): ServerState {
  if (isHeaderStatus(status)) return state;
  const sent = state.awaited.get(`${status.MsgRef}/${status.CmdRef}`);
  if (sent === undefined) return state;
  const { departing } = state.outgoing;
  const ofChunk = departing !== undefined && departing.command.CmdID === sent.ref;
  if (ofChunk && status.Data === '213') return state;
  const { CmdID: _, MsgRef: __, ...said } = status;
  const outgoing = ofChunk ? { queue: state.outgoing.queue } : state.outgoing;
  return { ...state, outgoing, replies: [...state.replies, { ...said, CmdRef: sent.ref }] };
}

function takeResults(state: ServerState, results: Results): ServerState {
  const received = receiveChunk(state.assembly, results, state.leg.offer.maxObjSize);
  const { assembly: _, ...rest } = state;
  switch (received.kind) {
    case 'whole':
      return keepResults(state, results);
    case 'buffered':
      return withStatus({ ...rest, assembly: received.assembly }, results, '213');
    case 'complete':
      return keepResults(rest, received.command as Results);
    case 'failed':
      return withStatus(rest, results, received.status);
    case 'interrupted':
      return takeResults({ ...rest, lead: [...rest.lead, sessionAlert(alertCode.noEndOfData)] }, results);
  }
}

function keepResults(state: ServerState, results: Results): ServerState {
  const sent = state.awaited.get(`${results.MsgRef ?? state.leg.sent}/${results.CmdRef}`);
  if (sent === undefined) return state;
  const { CmdID: _, MsgRef: __, ...said } = results;
  return { ...state, replies: [...state.replies, { ...said, CmdRef: sent.ref }] };
}

function takeAlert(state: ServerState, alert: Alert, judged: Alert[]): ServerState {
  if (alert.Data === alertCode.nextMessage || alert.Data === alertCode.sessionAbort) return withStatus(state, alert, '200');
  if (alert.Data === alertCode.noEndOfData) return withStatus({ ...state, outgoing: { queue: state.outgoing.queue } }, alert, '200');
  const received = receiveChunk(state.assembly, alert, state.leg.offer.maxObjSize);
  const { assembly: _, ...rest } = state;
  switch (received.kind) {
    case 'whole':
      judged.push(alert);
      return state;
    case 'buffered':
      return withStatus({ ...rest, assembly: received.assembly }, alert, '213');
    case 'complete':
      judged.push({ ...(received.command as Alert), CmdID: alert.CmdID });
      return rest;
    case 'failed':
      return withStatus(rest, alert, received.status);
    case 'interrupted':
      return takeAlert({ ...rest, lead: [...rest.lead, sessionAlert(alertCode.noEndOfData)] }, alert, judged);
  }
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

/** Sends what is next: the rest of an object, a request for the client's rest, commands, or the end. */
function proceed(state: ServerState): ServerStep {
  if (!state.clientFinal && state.outgoing.departing === undefined) {
    const lead = [...state.lead, sessionAlert(alertCode.nextMessage)];
    return say(state, lead, 'never', true);
  }
  return say(state, state.lead, 'when-no-chunk', false);
}

function say(
  state: ServerState,
  lead: readonly BodyCommand[],
  final: 'always' | 'never' | 'when-no-chunk',
  asksForNext: boolean,
): ServerStep {
  const { setup, leg, ownAuth } = state;
  const outgoing = final === 'never' ? nothingOutgoing : state.outgoing;
  const composed = compose({ leg, cred: nextCred(ownAuth), lead, outgoing, final, encode: setup.encode });
  const refused = composed.unsendable.flatMap((command) => tooLarge(command as ServerCommand));
  const carries = composed.sent.size > lead.length;
  if (refused.length > 0 && !carries) return deliverRefusals({ ...state, lead, outgoing: composed.rest }, refused);
  const ends = !carries && final !== 'never' && state.clientAuth.accepted && state.outgoing.departing === undefined;
  const next: ServerState = {
    ...state,
    phase: 'waiting',
    leg: composed.leg,
    outgoing: final === 'never' ? state.outgoing : composed.rest,
    awaited: carries ? new Map([...state.awaited, ...commandsSent(composed.sent, composed.leg.sent)]) : state.awaited,
    replies: [...state.replies, ...refused],
    lead: [],
    said: composed.message.SyncBody.commands.slice(lead.length).map((command) => asGiven(command as ServerCommand, composed.sent)),
    askedForNext: asksForNext,
  };
  const effects: ServerEffect[] = [{ kind: 'send', bytes: composed.bytes, message: composed.message }];
  return ends ? end(next, 'complete', effects) : { state: next, effects };
}

/** Nothing that could be sent is left: an empty package would end the session before the application heard why. */
function deliverRefusals(state: ServerState, refused: readonly Reply[]): ServerStep {
  const replies = [...state.replies, ...refused];
  const delivered = deliver({ ...state, replies }, { state, judged: [], devInfo: [] }, true);
  return delivered;
}

function commandsSent(sent: ReadonlyMap<string, Sent>, msgId: number): (readonly [string, Sent])[] {
  return [...sent].filter(([, { ref }]) => ref !== '').map(([id, command]) => [`${msgId}/${id}`, command] as const);
}

/** A command under the CmdIDs that the application gave. */
function asGiven<C extends ServerCommand>(command: C, sent: ReadonlyMap<string, Sent>): C {
  const CmdID = sent.get(command.CmdID)?.ref ?? '';
  if (command.name !== 'Atomic' && command.name !== 'Sequence') return { ...command, CmdID };
  return { ...command, CmdID, commands: command.commands.map((member) => asGiven(member, sent)) };
}

function abort(state: ServerState, lead: readonly BodyCommand[], reason: EndReason, detail?: string, status?: string): ServerStep {
  const last = say({ ...state, outgoing: nothingOutgoing }, [...lead, sessionAlert(alertCode.sessionAbort)], 'always', false);
  const more = { ...(detail === undefined ? {} : { detail }), ...(status === undefined ? {} : { status }) };
  const sent = last.effects.filter((effect) => effect.kind === 'send');
  return end(last.state, reason, sent, more);
}

function end(
  state: ServerState,
  reason: EndReason,
  effects: readonly ServerEffect[] = [],
  more: { status?: string; detail?: string } = {},
): ServerStep {
  const others = effects.filter((effect) => effect.kind !== 'end');
  return { state: { ...state, phase: 'ended' }, effects: [...others, { kind: 'end', reason, ...more }] };
}

function withEffects(effects: readonly ServerEffect[], step: ServerStep): ServerStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
