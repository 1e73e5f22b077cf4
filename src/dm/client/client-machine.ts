import { alertCode, commandStatus, isEmpty, needsStatus, readHeader, sessionAlert } from '../session/index.js';
import type { BodyCommand, Reply, ServerCommand, SyncMLMessage } from '../syncml/index.js';
import type { ClientAlert, ClientEffect, ClientInput, ClientState, ClientStep } from './client-state.js';
import { judgeOwn, judgeServer } from './judge-server.js';
import { answer, challenge, end, say, sayAgain, withEffects } from './outgoing.js';
import { settleAlerts } from './settle-alerts.js';
import { takeCommands } from './take-commands.js';
import { withinObjectSize } from './within-object-size.js';

/**
 * The DM client's side of a session as a pure machine: packages 1 and 3 out, 2 and 4 in.
 * @see OMA DM Protocol 1.2 § 8
 */
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
      return end(state, 'silence', [], input.detail === undefined ? {} : { detail: input.detail });
  }
}

function open(state: ClientState, { code, devInfo, alerts }: Extract<ClientInput, { kind: 'open' }>): ClientStep {
  const queue: BodyCommand[] = [sessionAlert(code), { name: 'Replace', CmdID: '', Item: devInfo }, ...alerts.map(asCommand)];
  return say({ ...state, outgoing: { queue } }, [], 'when-empty');
}

function asCommand({ ref, alert }: ClientAlert): BodyCommand {
  return { name: 'Alert', CmdID: ref, ...alert };
}

function receive(before: ClientState, message: SyncMLMessage, fresh: string): ClientStep {
  const disorder = outOfOrder(before, message);
  if (disorder !== undefined) return end(before, 'protocol', [], { detail: disorder });
  const { SyncHdr, SyncBody } = message;
  const state = { ...before, leg: readHeader(before.leg, SyncHdr), to: SyncHdr.RespURI ?? before.to };

  const server = judgeServer(state, message, fresh);
  const own = judgeOwn(server.state, SyncBody.commands);
  const effects: readonly ClientEffect[] = [...server.effects, ...own.effects];
  if (own.verdict === 'refused') {
    return end(own.state, 'refused-by-peer', effects, own.status === undefined ? {} : { status: own.status });
  }
  if (own.verdict === 'retry') return withEffects(effects, sayAgain(own.state, server.lead));
  const settled = settleAlerts(own.state, SyncBody.commands);
  const heard = [...effects, ...settled.effects];
  if (SyncBody.commands.some(isAbort)) return end(settled.state, 'aborted-by-peer', heard);
  if (server.verdict === 'refused') return end(settled.state, 'peer-not-authenticated', heard);
  if (server.verdict === 'challenged') return withEffects(heard, challenge(settled.state, server.lead));
  return withEffects(heard, work(settled.state, message, server.lead));
}

function outOfOrder(state: ClientState, { SyncHdr }: SyncMLMessage): string | undefined {
  if (state.phase !== 'waiting') return 'a message came out of turn';
  if (SyncHdr.SessionID !== state.leg.sessionId) return 'SessionID differs';
  return Number(SyncHdr.MsgID) <= state.leg.received ? 'MsgID did not rise' : undefined;
}

function isAbort(command: BodyCommand): boolean {
  return command.name === 'Alert' && command.Data === alertCode.sessionAbort;
}

/** Takes the commands of a message. */
function work(before: ClientState, { SyncBody }: SyncMLMessage, header: readonly BodyCommand[]): ClientStep {
  const asked = SyncBody.commands.filter((command): command is ServerCommand => needsStatus(command));
  const taken = takeCommands(before, asked);
  const serverFinal = SyncBody.Final === true || before.open || (before.askedForNext && asked.length === 0);
  const state: ClientState = { ...taken.state, lead: [...header, ...taken.lead], serverFinal };
  if (state.aborting) return answer({ ...state, lead: [...state.lead, ...notExecuted(state, taken.execute)] });
  if (taken.execute.length > 0) {
    return { state: { ...state, phase: 'executing' }, effects: [{ kind: 'execute', commands: taken.execute }] };
  }
  return hasMoreToSay(state) ? answer(state) : end(state, 'complete');
}

function notExecuted({ leg }: ClientState, commands: readonly ServerCommand[]): readonly BodyCommand[] {
  return commands.map((command) => commandStatus(leg, command, '215'));
}

/** A message that would hold only the Status for the header is not sent: the session is over. @see OMA DM Protocol 1.2 § 8.2 */
function hasMoreToSay(state: ClientState): boolean {
  return state.lead.length > 1 || !isEmpty(state.outgoing) || !state.serverFinal;
}

function executed(state: ClientState, input: Extract<ClientInput, { kind: 'executed' }>): ClientStep {
  if (state.phase !== 'executing') return end(state, 'protocol', [], { detail: 'nothing was being executed' });
  const { received, peerMaxObjSize } = state.leg;
  const replies = withinObjectSize(input.replies, peerMaxObjSize).map((reply) => fromReply(reply, received));
  const last = input.abort ? [sessionAlert(alertCode.sessionAbort)] : [];
  const queue = [...state.outgoing.queue, ...replies, ...(input.alerts ?? []).map(asCommand), ...last];
  return answer({ ...state, outgoing: { ...state.outgoing, queue }, aborting: input.abort === true });
}

function fromReply(reply: Reply, received: number): BodyCommand {
  return { ...reply, CmdID: '', MsgRef: String(received) };
}
