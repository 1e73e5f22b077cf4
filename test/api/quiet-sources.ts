import type { RunningSources } from '#src/api/index.js';
import { systemClock, systemEntropy } from '#src/base/index.js';

/** A gateway of which nothing was logged, measured and opened. */
export const quietSources: RunningSources = {
  configuration: () => ({}),
  recentLog: () => [],
  clock: () => ({ own: systemClock.now() }),
  entropy: systemEntropy,
  metrics: () => [],
  connections: () => ({}),
  database: () => ({ pageBytes: 4_096, pages: 1, freePages: 0, walBytes: 0, check: 'ok' }),
};
