/** At which of its device's sessions a server is asked for work: at each, at none, or not before so many milliseconds have passed. */
export type Polling = 'always' | 'never' | number;

/** An account with what decides whether its server gets a session now. */
export interface Candidate {
  readonly serverId: string;
  /** 1 comes first. */
  readonly priority: number;
  /** The server has asked for a session. */
  readonly triggered: boolean;
  /** Reports wait for it. */
  readonly hasWork: boolean;
  readonly polling: Polling;
  /** When it was last asked for work, in milliseconds since 1970; absent: never. */
  readonly lastPoll?: number | undefined;
}

/**
 * Which servers get a session with a device that is here now, the first one first: those that have asked for it, those
 * for which something waits, then those that policy polls; among equals by priority, then by server id.
 * @param now milliseconds since 1970
 */
export function serversInTurn<C extends Candidate>(candidates: readonly C[], now: number): C[] {
  return candidates
    .map((candidate) => ({ candidate, reason: reasonOf(candidate, now) }))
    .filter(({ reason }) => reason < reasons.length)
    .toSorted((a, b) => a.reason - b.reason || inOrder(a.candidate, b.candidate))
    .map(({ candidate }) => candidate);
}

/** Why a server gets a session, the strongest first. */
const reasons: readonly ((candidate: Candidate, now: number) => boolean)[] = [
  ({ triggered }) => triggered,
  ({ hasWork }) => hasWork,
  isPolled,
];

function reasonOf(candidate: Candidate, now: number): number {
  const at = reasons.findIndex((applies) => applies(candidate, now));
  return at < 0 ? reasons.length : at;
}

/** A poll in the future is one of a clock that was wrong. */
function isPolled({ polling, lastPoll }: Candidate, now: number): boolean {
  if (typeof polling !== 'number') return polling === 'always';
  return lastPoll === undefined || lastPoll > now || now - lastPoll >= polling;
}

function inOrder(a: Candidate, b: Candidate): number {
  if (a.priority !== b.priority) return a.priority - b.priority;
  return a.serverId < b.serverId ? -1 : Number(a.serverId > b.serverId);
}
