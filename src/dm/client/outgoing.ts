import {
  alertCode,
  type Composed,
  compose,
  type EndReason,
  isEmpty,
  isHeaderStatus,
  nextCred,
  nothingOutgoing,
  sessionAlert,
} from '../session/index.js';
import type { BodyCommand } from '../syncml/index.js';
import type { ClientEffect, ClientState, ClientStep, Said } from './client-state.js';

/** Says what is owed and what waits; asks for the rest of the server's package while that is open. */
export function answer(state: ClientState): ClientStep {
  if (state.serverFinal || state.aborting) return say(state, state.lead, 'when-empty');
  const asked = say(state, [...state.lead, sessionAlert(alertCode.nextMessage)], 'never');
  return { ...asked, state: { ...asked.state, askedForNext: true } };
}

/** Sends the next message: `lead`, and as much of what waits as there is room for. */
export function say(state: ClientState, lead: readonly BodyCommand[], final: Said['final']): ClientStep {
  const composed = composeFor(state, { lead, outgoing: state.outgoing, final });
  if (!composed.fits || composed.unsendable.length > 0) {
    return end(state, 'protocol', [], { detail: `the server's MaxMsgSize of ${state.leg.peerMaxMsgSize} bytes is too small` });
  }
  const sent = send(state, composed, { lead, outgoing: state.outgoing, final, awaited: state.awaited });
  return state.aborting && isEmpty(composed.rest) ? end(sent.state, 'aborted', sent.effects) : sent;
}

/** Repeats the last message with the credentials that were asked for. */
export function sayAgain(state: ClientState, header: readonly BodyCommand[]): ClientStep {
  if (state.last === undefined) return say(state, header, 'when-empty');
  const { lead, outgoing, final, awaited } = state.last;
  const owed = lead.filter((command) => !(command.name === 'Status' && isHeaderStatus(command)));
  return say({ ...state, outgoing, awaited }, [...header, ...owed], final);
}

/** Asks the server for credentials. Nothing but Status goes with it; refusals for which there is no room are left out. */
export function challenge(state: ClientState, lead: readonly BodyCommand[]): ClientStep {
  const last = { lead, outgoing: state.outgoing, final: 'when-empty', awaited: state.awaited } as const;
  const full = composeFor(state, { lead, outgoing: nothingOutgoing, final: 'always' });
  const composed = full.fits ? full : composeFor(state, { lead: lead.slice(0, 1), outgoing: nothingOutgoing, final: 'always' });
  if (!composed.fits) return say(state, lead, 'always');
  return send(state, { ...composed, rest: state.outgoing }, last);
}

function composeFor({ setup, leg, ownAuth }: ClientState, what: Pick<Said, 'lead' | 'outgoing' | 'final'>): Composed {
  return compose({ leg, cred: nextCred(ownAuth), encode: setup.encode, ...what });
}

function send(state: ClientState, composed: Composed, last: Said): ClientStep {
  const { handover, ...before } = state;
  const next: ClientState = {
    ...before,
    phase: 'waiting',
    leg: composed.leg,
    outgoing: composed.rest,
    awaited: awaitAlerts(state.awaited, composed),
    lead: [],
    askedForNext: false,
    open: last.final === 'when-empty' && composed.message.SyncBody.Final === undefined,
    last,
  };
  const kept: ClientEffect[] = handover === undefined ? [] : [{ kind: 'store-nonce', whose: 'server', nonce: handover }];
  const { bytes, message } = composed;
  return { state: next, effects: [...kept, { kind: 'send', bytes, message, to: state.to }] };
}

function awaitAlerts(awaited: ReadonlyMap<string, string>, { sent, leg }: Composed): ReadonlyMap<string, string> {
  const alerts = [...sent].filter(([, { name, ref }]) => name === 'Alert' && ref !== '');
  if (alerts.length === 0) return awaited;
  return new Map([...awaited, ...alerts.map(([id, { ref }]) => [`${leg.sent}/${id}`, ref] as const)]);
}

export function end(
  state: ClientState,
  reason: EndReason,
  effects: readonly ClientEffect[] = [],
  more: { status?: string; detail?: string } = {},
): ClientStep {
  return { state: { ...state, phase: 'ended' }, effects: [...effects, { kind: 'end', reason, ...more }] };
}

export function withEffects(effects: readonly ClientEffect[], step: ClientStep): ClientStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
