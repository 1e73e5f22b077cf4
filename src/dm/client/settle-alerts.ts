import { isHeaderStatus, type Outgoing } from '../session/index.js';
import type { BodyCommand, Status } from '../syncml/index.js';
import type { ClientEffect, ClientState, ClientStep } from './client-state.js';

/**
 * Takes the server's statuses for our alerts and chunks. From a server that has not proved itself they settle nothing:
 * they wait until it has.
 */
export function settleAlerts(before: ClientState, commands: readonly BodyCommand[]): ClientStep {
  const statuses = commands.filter((command): command is Status => command.name === 'Status' && !isHeaderStatus(command));
  const state = { ...before, outgoing: statuses.reduce((outgoing, status) => withoutRefused(before, outgoing, status), before.outgoing) };
  const said = new Map(state.unprovenStatuses);
  for (const status of statuses) if (state.awaited.has(keyOf(status)) && status.Data !== '213') said.set(keyOf(status), status.Data);
  return state.serverAuth.accepted ? settle(state, said) : { state: { ...state, unprovenStatuses: said }, effects: [] };
}

const keyOf = ({ MsgRef, CmdRef }: Status): string => `${MsgRef}/${CmdRef}`;

/** The rest of an object that the server refuses is not sent. */
function withoutRefused({ leg }: ClientState, outgoing: Outgoing, status: Status): Outgoing {
  const { departing, ...rest } = outgoing;
  const refused = Number(status.Data) >= 400 && Number(status.MsgRef) === leg.sent && status.Cmd === departing?.command.name;
  return refused ? rest : outgoing;
}

function settle(state: ClientState, said: ReadonlyMap<string, string>): ClientStep {
  const awaited = new Map(state.awaited);
  const effects: ClientEffect[] = [];
  for (const [key, status] of said) {
    const ref = awaited.get(key);
    awaited.delete(key);
    if (ref !== undefined) effects.push({ kind: 'alert-status', ref, status });
  }
  return { state: { ...state, awaited, unprovenStatuses: new Map() }, effects };
}
