import {
  alertCode,
  type Composed,
  type Composition,
  compose,
  type EndReason,
  nextCred,
  nothingOutgoing,
  type Outgoing,
  type Sent,
  sessionAlert,
} from '../session/index.js';
import type { BodyCommand, Reply, ServerCommand, Status } from '../syncml/index.js';
import type { Delivery, ServerEffect, ServerState, ServerStep } from './server-state.js';
import { partTooLarge, tooLarge } from './too-large.js';

/** Sends what is next: the rest of an object, a request for the client's rest, commands, or the end. */
export function proceed(state: ServerState): ServerStep {
  return state.clientFinal || state.open ? sendCommands(state) : askForNext(state);
}

function askForNext(state: ServerState): ServerStep {
  const lead = [...state.lead, sessionAlert(alertCode.nextMessage)];
  const composed = composeFor(state, { lead, outgoing: nothingOutgoing, final: 'never' });
  if (!composed.fits) return giveUp(state);
  const sent = send(state, { ...composed, rest: state.outgoing });
  return { ...sent, state: { ...sent.state, askedForNext: true } };
}

function sendCommands(before: ServerState): ServerStep {
  const composed = composeFor(before, { lead: before.lead, outgoing: before.outgoing, final: 'when-no-chunk' });
  if (!composed.fits) return giveUp(before);
  const refused = composed.unsendable.flatMap((command) => refusalOf(command as ServerCommand, composed.rest));
  const replies = [...before.replies, ...refused];
  const state = { ...before, replies };
  if (composed.sent.size > state.lead.length) return withReplies(send(before, composed), replies);
  // Nothing was left that can be sent: an empty package would end the session before the application heard why.
  if (state.replies.length > 0) return deliver({ ...state, outgoing: composed.rest }, { alerts: [], devInfo: [], final: true });
  const last = send(state, composed);
  return end(last.state, 'complete', last.effects);
}

function withReplies(step: ServerStep, replies: readonly Reply[]): ServerStep {
  return { ...step, state: { ...step.state, replies } };
}

function refusalOf(command: ServerCommand, { split }: Outgoing): readonly Reply[] {
  return split?.has(command.CmdID) ? partTooLarge(command) : tooLarge(command);
}

/** Tells the application what the client said. The replies go with the last delivery of a package. */
export function deliver(state: ServerState, what: Omit<Delivery, 'replies'>): ServerStep {
  const delivery: Delivery = { ...what, replies: what.final ? state.replies : [] };
  const rest = what.final ? { ...state, replies: [], awaited: new Map() } : state;
  return { state: { ...rest, phase: 'working' }, effects: [{ kind: 'deliver', ...delivery }] };
}

/** Sends the last message again, now with the credentials that the client asked for. */
export function sayAgain(state: ServerState, header: Status): ServerStep {
  const again = { ...state, ...state.last, lead: [header] };
  return state.askedForNext ? askForNext(again) : sendCommands(again);
}

/** Answers with Status only. Where there is no room for all of them, the header's stands for the rest. */
export function sayStatuses(state: ServerState, lead: readonly BodyCommand[]): ServerStep {
  const alone = { outgoing: nothingOutgoing, final: 'always' } as const;
  const full = composeFor(state, { lead, ...alone });
  const composed = full.fits ? full : composeFor(state, { lead: lead.slice(0, 1), ...alone });
  return composed.fits ? send(state, composed) : giveUp(state);
}

/** Ends the session with 1223. Nothing is sent where the client has no room even for that. */
export function abort(
  state: ServerState,
  lead: readonly BodyCommand[],
  reason: EndReason,
  more: { status?: string; detail?: string } = {},
): ServerStep {
  const last = sessionAlert(alertCode.sessionAbort);
  const alone = { outgoing: nothingOutgoing, final: 'always' } as const;
  const full = composeFor(state, { lead: [...lead, last], ...alone });
  const composed = full.fits ? full : composeFor(state, { lead: [...lead.slice(0, 1), last], ...alone });
  const sent = composed.fits ? send(state, composed) : { state, effects: [] };
  return end(sent.state, reason, sent.effects, more);
}

function giveUp(state: ServerState): ServerStep {
  return abort(state, state.lead, 'protocol', { detail: `the client's MaxMsgSize of ${state.leg.peerMaxMsgSize} bytes is too small` });
}

/** Our credentials go only to a client that has proved itself: with basic they are the password. */
function composeFor({ setup, leg, ownAuth, clientAuth }: ServerState, what: Pick<Composition, 'lead' | 'outgoing' | 'final'>): Composed {
  return compose({ leg, cred: clientAuth.accepted ? nextCred(ownAuth) : undefined, encode: setup.encode, ...what });
}

function send(state: ServerState, composed: Composed): ServerStep {
  const next: ServerState = {
    ...state,
    phase: 'waiting',
    leg: composed.leg,
    outgoing: composed.rest,
    awaited: new Map([...state.awaited, ...commandsSent(composed.sent, composed.leg.sent)]),
    lead: [],
    askedForNext: false,
    open: composed.rest.departing !== undefined,
    last: { outgoing: state.outgoing, awaited: state.awaited, replies: state.replies },
  };
  return { state: next, effects: [{ kind: 'send', bytes: composed.bytes, message: composed.message }] };
}

function commandsSent(sent: ReadonlyMap<string, Sent>, msgId: number): (readonly [string, Sent])[] {
  return [...sent].filter(([, { ref }]) => ref !== '').map(([id, command]) => [`${msgId}/${id}`, command] as const);
}

export function end(
  state: ServerState,
  reason: EndReason,
  effects: readonly ServerEffect[] = [],
  more: { status?: string; detail?: string } = {},
): ServerStep {
  return { state: { ...state, phase: 'ended' }, effects: [...effects, { kind: 'end', reason, ...more }] };
}

export function withEffects(effects: readonly ServerEffect[], step: ServerStep): ServerStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
