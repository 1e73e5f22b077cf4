import type { EndReason } from '#src/dm/session/index.js';
import type { Environment } from './environment.js';
import type { SessionView } from './session-meter.js';

type Leg = SessionView['leg'];
type Counting = Pick<Environment, 'counters'>;

export function countStarted({ counters }: Counting, leg: Leg): void {
  counters?.add('postern_sessions_started_total', { leg });
}

export function countEnded({ counters }: Counting, leg: Leg, outcome: EndReason): void {
  counters?.add('postern_sessions_ended_total', { leg, outcome });
  const who = unproved(leg, outcome);
  if (who !== undefined) counters?.add('postern_authentication_failures_total', { who });
}

/** Who could not prove themselves, where the session ended for that. */
function unproved(leg: Leg, outcome: EndReason): 'device' | 'server' | 'gateway' | undefined {
  if (outcome === 'refused-by-peer') return 'gateway';
  if (outcome !== 'peer-not-authenticated') return undefined;
  return leg === 'south' ? 'device' : 'server';
}
