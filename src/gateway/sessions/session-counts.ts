import type { EndReason } from '#src/dm/session/index.js';
import type { Environment } from '../environment.js';
import type { SessionEnding } from './recent-endings.js';
import type { SessionView } from './session-meter.js';

type Leg = SessionView['leg'];
type Counting = Pick<Environment, 'counters'>;
type Noting = Pick<Environment, 'counters' | 'endings' | 'clock'>;

export function countStarted({ counters }: Counting, leg: Leg): void {
  counters?.add('postern_sessions_started_total', { leg });
}

/** Counts a session that is over, and remembers for a while how it ended. */
export function noteEnded({ counters, endings, clock }: Noting, ending: Omit<SessionEnding, 'endedAt'>): void {
  const { leg, reason: outcome } = ending;
  endings?.add({ ...ending, endedAt: clock.now() });
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
