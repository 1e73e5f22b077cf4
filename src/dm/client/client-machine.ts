import type { Alert, BodyCommand, Item, Reply, ServerCommand, Status, SyncMLMessage } from '../syncml/index.js';
import {
  type Assembly,
  alertCode,
  checkPeer,
  commandStatus,
  type Composed,
  compose,
  type EndReason,
  headerStatus,
  isHeaderStatus,
  type Leg,
  nextCred,
  needsStatus,
  nothingOutgoing,
  type Outgoing,
  type OwnAuth,
  type Party,
  type PeerAuth,
  readHeader,
  readHeaderStatus,
  receiveChunk,
  type SessionEffect,
  type Sizes,
  sessionAlert,
} from '../session/index.js';
import { withinObjectSize } from './within-object-size.js';

/**
 * The DM client's side of a session as a pure machine: packages 1 and 3 out, 2 and 4 in.
 * @see OMA DM Protocol 1.2 § 8
 */
export interface ClientSetup {
  readonly sessionId: string;
  /** The DevId, and the name that the credentials prove. */
  readonly own: Party;
  /** The server's address. */
  readonly server: Party;
  readonly verDTD?: string;
  readonly verProto?: string;
  readonly offer: Sizes;
  readonly ownAuth?: OwnAuth;
  readonly serverAuth: PeerAuth;
  readonly encode: (message: SyncMLMessage) => Uint8Array;
}

export interface ClientState {
  readonly setup: ClientSetup;
  readonly phase: 'new' | 'waiting' | 'executing' | 'ended';
  readonly leg: Leg;
  readonly ownAuth: OwnAuth | undefined;
  readonly serverAuth: PeerAuth;
  /** Where the next message goes. */
  readonly to: string;
  /** A nonce from a server that has not proved itself yet: used, but not kept. */
  readonly unprovenNonce?: string;
  /** Alerts that wait for their Status, under `MsgID/CmdID`. */
  readonly awaited: ReadonlyMap<string, string>;
  readonly outgoing: Outgoing;
  /** An object of the server that has begun to arrive. */
  readonly assembly?: Assembly;
  /** Statuses owed for the message in work. */
  readonly lead: readonly BodyCommand[];
  /** Whether the message in work closed the server's package. */
  readonly serverFinal: boolean;
  /** What the last message said, to say it again with credentials. */
  readonly said: readonly BodyCommand[];
}

/** A report of the client with the name by which its Status comes back. */
export interface ClientAlert {
  readonly ref: string;
  readonly alert: Omit<Alert, 'CmdID' | 'name'>;
}

export type ClientInput =
  /** Package 1. `code` 1200 answers a trigger, 1201 is our own wish. */
  | { readonly kind: 'open'; readonly code: '1200' | '1201'; readonly devInfo: readonly Item[]; readonly alerts: readonly ClientAlert[] }
  /** `fresh`: a new nonce, Base64, for the server's next credentials. */
  | { readonly kind: 'message'; readonly message: SyncMLMessage; readonly fresh: string }
  /** What became of the commands of an `execute`. With `abort`, these are the last words. */
  | { readonly kind: 'executed'; readonly replies: readonly Reply[]; readonly alerts?: readonly ClientAlert[]; readonly abort?: boolean }
  | { readonly kind: 'silence'; readonly detail?: string };

export type ClientEffect =
  | SessionEffect
  | { readonly kind: 'execute'; readonly commands: readonly ServerCommand[] }
  /** The server's Status for an alert. */
  | { readonly kind: 'alert-status'; readonly ref: string; readonly status: string };

export interface ClientStep {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

export function newClient(setup: ClientSetup): ClientState {
  return {
    setup,
    phase: 'new',
    leg: {
      sessionId: setup.sessionId,
      verDTD: setup.verDTD ?? '1.2',
      verProto: setup.verProto ?? 'DM/1.2',
      own: setup.own,
      peer: setup.server,
      offer: setup.offer,
      sent: 0,
      received: 0,
    },
    ownAuth: setup.ownAuth,
    serverAuth: setup.serverAuth,
    to: setup.server.uri,
    awaited: new Map(),
    outgoing: nothingOutgoing,
    lead: [],
    serverFinal: true,
    said: [],
  };
}

export function stepClient(state: ClientState, input: ClientInput): ClientStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'open':
      return open(state, input);
    case 'message':
      return receive(state, input.message, input.fresh);
    case 'executed':
      return executed(state, input);
    case 'silence':
      return end(state, 'silence', [], { ...(input.detail === undefined ? {} : { detail: input.detail }) });
  }
}

function open(state: ClientState, { code, devInfo, alerts }: Extract<ClientInput, { kind: 'open' }>): ClientStep {
  const queue: BodyCommand[] = [
    sessionAlert(code),
    { name: 'Replace', CmdID: '', Item: devInfo },
    ...alerts.map(asCommand),
  ];
  return say({ ...state, outgoing: { queue } }, [], 'when-empty');
}

function asCommand({ ref, alert }: ClientAlert): BodyCommand {
  return { name: 'Alert', CmdID: ref, ...alert };
}

function receive(before: ClientState, message: SyncMLMessage, fresh: string): ClientStep {
  const { SyncHdr, SyncBody } = message;
  if (before.phase !== 'waiting') return end(before, 'protocol', [], { detail: 'a message came out of turn' });
  if (SyncHdr.SessionID !== before.leg.sessionId) return end(before, 'protocol', [], { detail: 'SessionID differs' });
  if (Number(SyncHdr.MsgID) <= before.leg.received) return end(before, 'protocol', [], { detail: 'MsgID did not rise' });
  const state = { ...before, leg: readHeader(before.leg, SyncHdr), to: SyncHdr.RespURI ?? before.to };

  const server = judgeServer(state, message, fresh);
  const own = judgeOwn(server.state, SyncBody.commands);
  const effects = [...server.effects, ...own.effects];
  if (own.verdict === 'refused') {
    return end(own.state, 'refused-by-peer', effects, own.status === undefined ? {} : { status: own.status });
  }
  if (server.verdict === 'refused') return end(own.state, 'peer-not-authenticated', effects);
  if (own.verdict === 'retry') return withEffects(effects, sayAgain(own.state, server.headerCode));
  if (server.verdict === 'challenged') return withEffects(effects, say(own.state, server.lead, 'always'));
  return withEffects(effects, work(own.state, message, server.lead));
}

interface ServerJudgement {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
  readonly verdict: 'accepted' | 'challenged' | 'refused' | 'unproven';
  readonly headerCode: string;
  readonly lead: readonly BodyCommand[];
}

/**
 * Checks the server's credentials. Without credentials and without commands it is not challenged: there is nothing to protect.
 * @see OMA DM Security 1.2 § 5.1
 */
function judgeServer(state: ClientState, message: SyncMLMessage, fresh: string): ServerJudgement {
  const { Cred } = message.SyncHdr;
  const asks = message.SyncBody.commands.filter(needsStatus);
  if (!state.serverAuth.accepted && asks.length === 0 && Cred === undefined) {
    return { state, effects: [], verdict: 'unproven', headerCode: '200', lead: [headerStatus(state.leg, '200')] };
  }
  const judged = checkPeer(state.serverAuth, Cred, fresh);
  const lead = [headerStatus(state.leg, judged.status, judged.chal)];
  const next = { ...state, serverAuth: judged.auth };
  if (judged.verdict === 'accepted') {
    const stored: ClientEffect[] = judged.store === undefined ? [] : [{ kind: 'store-nonce', whose: 'server', nonce: judged.store }];
    return { ...keepUnprovenNonce(next, stored), verdict: 'accepted', headerCode: judged.status, lead };
  }
  const refusals = asks.map((command) => commandStatus(state.leg, command, judged.status));
  return { state: next, effects: [], verdict: judged.verdict, headerCode: judged.status, lead: [...lead, ...refusals] };
}

function keepUnprovenNonce(state: ClientState, effects: readonly ClientEffect[]): Pick<ServerJudgement, 'state' | 'effects'> {
  const { unprovenNonce, ...rest } = state;
  if (unprovenNonce === undefined) return { state, effects };
  return { state: rest, effects: [...effects, { kind: 'store-nonce', whose: 'client', nonce: unprovenNonce }] };
}

/** What the server thinks of our credentials. */
function judgeOwn(state: ClientState, commands: readonly BodyCommand[]) {
  const status = commands.find((command): command is Status => command.name === 'Status' && isHeaderStatus(command));
  if (status === undefined) return { state, effects: [], verdict: 'good' as const, status: undefined };
  const { auth, verdict, nonce } = readHeaderStatus(state.ownAuth, status);
  const next = { ...state, ownAuth: auth };
  if (nonce === undefined) return { state: next, effects: [], verdict, status: status.Data };
  const proven = state.serverAuth.accepted;
  const effects: ClientEffect[] = proven ? [{ kind: 'store-nonce', whose: 'client', nonce }] : [];
  return { state: proven ? next : { ...next, unprovenNonce: nonce }, effects, verdict, status: status.Data };
}

/** Repeats the last message with the credentials that were asked for. */
function sayAgain(state: ClientState, headerCode: string): ClientStep {
  const said = state.said.filter((command) => !(command.name === 'Status' && isHeaderStatus(command)));
  const lead = [headerStatus(state.leg, headerCode)];
  return say({ ...state, outgoing: { ...state.outgoing, queue: [...said, ...state.outgoing.queue] } }, lead, 'when-empty');
}

/** Takes statuses and commands of a message. Statuses count once the server has proved itself. */
function work(before: ClientState, message: SyncMLMessage, header: readonly BodyCommand[]): ClientStep {
  const statuses: ClientStep = before.serverAuth.accepted ? settleAlerts(before, message.SyncBody.commands) : { state: before, effects: [] };
  const asked = message.SyncBody.commands.filter((command): command is ServerCommand => needsStatus(command));
  const taken = takeCommands(statuses.state, asked);
  if (taken.aborted) return end(taken.state, 'aborted-by-peer', statuses.effects);
  const state: ClientState = { ...taken.state, lead: [...header, ...taken.lead], serverFinal: message.SyncBody.Final === true };
  if (taken.execute.length > 0) {
    const effects: ClientEffect[] = [...statuses.effects, { kind: 'execute', commands: taken.execute }];
    return { state: { ...state, phase: 'executing' }, effects };
  }
  return withEffects(statuses.effects, hasMoreToSay(state) ? answer(state) : end(state, 'complete'));
}

/** A message that would hold only the Status for the header is not sent: the session is over. @see OMA DM Protocol 1.2 § 8.2 */
function hasMoreToSay(state: ClientState): boolean {
  return state.lead.length > 1 || state.outgoing.queue.length > 0 || state.outgoing.departing !== undefined || !state.serverFinal;
}

function settleAlerts(state: ClientState, commands: readonly BodyCommand[]): ClientStep {
  const awaited = new Map(state.awaited);
  const effects: ClientEffect[] = [];
  let outgoing = state.outgoing;
  for (const command of commands) {
    if (command.name !== 'Status' || isHeaderStatus(command)) continue;
    const key = `${command.MsgRef}/${command.CmdRef}`;
    const ref = awaited.get(key);
    if (Number(command.Data) >= 400 && outgoing.departing?.command.CmdID === ref) outgoing = { queue: outgoing.queue };
    if (ref === undefined || command.Data === '213') continue;
    awaited.delete(key);
    effects.push({ kind: 'alert-status', ref, status: command.Data });
  }
  return { state: { ...state, awaited, outgoing }, effects };
}

interface Taken {
  readonly state: ClientState;
  readonly lead: readonly BodyCommand[];
  readonly execute: readonly ServerCommand[];
  readonly aborted: boolean;
}

function takeCommands(state: ClientState, commands: readonly ServerCommand[]): Taken {
  const lead: BodyCommand[] = [];
  const execute: ServerCommand[] = [];
  let next = state;
  for (const command of commands) {
    const code = command.name === 'Alert' ? command.Data : undefined;
    if (code === alertCode.sessionAbort) return { state, lead: [], execute: [], aborted: true };
    if (code === alertCode.nextMessage) lead.push(commandStatus(state.leg, command, '200'));
    else if (code === alertCode.noEndOfData) {
      lead.push(commandStatus(state.leg, command, '200'));
      next = { ...next, outgoing: { queue: next.outgoing.queue } };
    } else next = takeCommand(next, command, lead, execute);
  }
  return { state: next, lead, execute, aborted: false };
}

/** Sorts one command: a chunk is buffered, everything whole is executed. */
function takeCommand(state: ClientState, command: ServerCommand, lead: BodyCommand[], execute: ServerCommand[]): ClientState {
  const received = receiveChunk(state.assembly, command, state.leg.offer.maxObjSize);
  const { assembly: _, ...rest } = state;
  switch (received.kind) {
    case 'whole':
      execute.push(command);
      return state;
    case 'buffered':
      lead.push(commandStatus(state.leg, command, '213'));
      return { ...rest, assembly: received.assembly };
    case 'complete':
      execute.push({ ...received.command, CmdID: command.CmdID } as ServerCommand);
      return rest;
    case 'failed':
      lead.push(commandStatus(state.leg, command, received.status));
      return rest;
    case 'interrupted':
      lead.push(sessionAlert(alertCode.noEndOfData));
      return takeCommand(rest, command, lead, execute);
  }
}

function executed(state: ClientState, input: Extract<ClientInput, { kind: 'executed' }>): ClientStep {
  if (state.phase !== 'executing') return end(state, 'protocol', [], { detail: 'nothing was being executed' });
  const { received, peerMaxObjSize } = state.leg;
  const replies = withinObjectSize(input.replies, peerMaxObjSize).map((reply) => fromReply(reply, received));
  const queue = [...state.outgoing.queue, ...replies, ...(input.alerts ?? []).map(asCommand)];
  const next = { ...state, outgoing: { ...state.outgoing, queue } };
  return input.abort ? abort(next) : answer(next);
}

function fromReply(reply: Reply, received: number): BodyCommand {
  return { ...reply, CmdID: '', MsgRef: String(received) };
}

/** Says what is known, then that it is over. */
function abort(state: ClientState): ClientStep {
  const queue = [...state.outgoing.queue, sessionAlert(alertCode.sessionAbort)];
  const last = say({ ...state, outgoing: { queue } }, state.lead, 'always');
  return { state: { ...last.state, phase: 'ended' }, effects: [...last.effects, { kind: 'end', reason: 'aborted' }] };
}

function answer(state: ClientState): ClientStep {
  if (state.serverFinal) return say(state, state.lead, 'when-empty');
  return say(state, [...state.lead, sessionAlert(alertCode.nextMessage)], 'never');
}

function say(state: ClientState, lead: readonly BodyCommand[], final: 'always' | 'never' | 'when-empty'): ClientStep {
  const { setup, leg, ownAuth, outgoing } = state;
  const composed = compose({ leg, cred: nextCred(ownAuth), lead, outgoing, final, encode: setup.encode });
  if (composed.unsendable.length > 0) {
    return end(state, 'protocol', [], { detail: `the server's MaxMsgSize of ${leg.peerMaxMsgSize} bytes is too small` });
  }
  const next: ClientState = {
    ...state,
    phase: 'waiting',
    leg: composed.leg,
    outgoing: composed.rest,
    awaited: awaitAlerts(state.awaited, composed),
    lead: [],
    said: asSaid(composed),
  };
  return { state: next, effects: [{ kind: 'send', bytes: composed.bytes, message: composed.message, to: state.to }] };
}

function awaitAlerts(awaited: ReadonlyMap<string, string>, { sent, leg }: Composed): ReadonlyMap<string, string> {
  const alerts = [...sent].filter(([, { name, ref }]) => name === 'Alert' && ref !== '');
  if (alerts.length === 0) return awaited;
  return new Map([...awaited, ...alerts.map(([id, { ref }]) => [`${leg.sent}/${id}`, ref] as const)]);
}

function asSaid({ message, sent }: Composed): readonly BodyCommand[] {
  return message.SyncBody.commands.map((command) => ({ ...command, CmdID: sent.get(command.CmdID)?.ref ?? '' }));
}

function end(
  state: ClientState,
  reason: EndReason,
  effects: readonly ClientEffect[] = [],
  more: { status?: string; detail?: string } = {},
): ClientStep {
  return { state: { ...state, phase: 'ended' }, effects: [...effects, { kind: 'end', reason, ...more }] };
}

function withEffects(effects: readonly ClientEffect[], step: ClientStep): ClientStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
