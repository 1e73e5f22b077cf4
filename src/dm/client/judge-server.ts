import {
  alertCode,
  checkPeer,
  commandStatus,
  headerStatus,
  isHeaderStatus,
  needsStatus,
  type PeerVerdict,
  readHeaderStatus,
} from '../session/index.js';
import type { BodyCommand, Status, SyncMLMessage } from '../syncml/index.js';
import type { ClientEffect, ClientState } from './client-state.js';

export interface ServerJudgement {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
  readonly verdict: 'accepted' | 'challenged' | 'refused' | 'unproven';
  /** What its message is answered with: the Status for its header, and refusals where it is challenged. */
  readonly lead: readonly BodyCommand[];
}

/**
 * Checks the server's credentials. Wrong or missing ones are not challenged where there are no commands to protect.
 * @see OMA DM Security 1.2 § 5.1
 */
export function judgeServer(state: ClientState, message: SyncMLMessage, fresh: string): ServerJudgement {
  const judged = checkPeer(state.serverAuth, message.SyncHdr.Cred, fresh);
  if (judged.verdict === 'accepted') return acceptServer(state, judged);
  const asks = message.SyncBody.commands.filter(asksForSomething);
  if (asks.length === 0) {
    const seen =
      message.SyncHdr.Cred === undefined ? state : { ...state, serverAuth: { ...state.serverAuth, failures: judged.auth.failures } };
    return { state: seen, effects: [], verdict: 'unproven', lead: [headerStatus(state.leg, '200')] };
  }
  const refusals = asks.map((command) => commandStatus(state.leg, command, judged.status));
  const lead = [headerStatus(state.leg, judged.status, judged.chal), ...refusals];
  return { state: { ...state, serverAuth: judged.auth }, effects: [], verdict: judged.verdict, lead };
}

/** A server may ask for the rest of our package without proof: that is nothing it could not have had at once. */
function asksForSomething(command: BodyCommand): boolean {
  return needsStatus(command) && !(command.name === 'Alert' && command.Data === alertCode.nextMessage);
}

function acceptServer(before: ClientState, { auth, status, chal, store }: PeerVerdict): ServerJudgement {
  const { unprovenNonce, ...rest } = before;
  const state: ClientState = { ...rest, serverAuth: auth, ...(store === undefined ? {} : { handover: store }) };
  const effects: ClientEffect[] = unprovenNonce === undefined ? [] : [{ kind: 'store-nonce', whose: 'client', nonce: unprovenNonce }];
  return { state, effects, verdict: 'accepted', lead: [headerStatus(state.leg, status, chal)] };
}

/** What the server thinks of our credentials. Its nonce is kept only once it has proved itself. */
export function judgeOwn(state: ClientState, commands: readonly BodyCommand[]) {
  const status = commands.find((command): command is Status => command.name === 'Status' && isHeaderStatus(command));
  if (status === undefined) return { state, effects: [], verdict: 'good' as const, status: undefined };
  const { auth, verdict, nonce } = readHeaderStatus(state.ownAuth, status);
  const next = { ...state, ownAuth: auth };
  if (nonce === undefined) return { state: next, effects: [], verdict, status: status.Data };
  const proven = state.serverAuth.accepted;
  const effects: ClientEffect[] = proven ? [{ kind: 'store-nonce', whose: 'client', nonce }] : [];
  return { state: proven ? next : { ...next, unprovenNonce: nonce }, effects, verdict, status: status.Data };
}
