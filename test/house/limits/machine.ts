import type { Limit } from './limit.js';

const connections = 'postern_connections_refused_total';
const full = 'e2e/a-gateway-that-is-full-says-so-stays-alive-and-recovers.test.ts';

/** Of the gateway as a whole. */
export const machineLimits: readonly Limit[] = [
  {
    of: 'limits.memory',
    effect:
      'From 95 % of it new sessions, polls and ways out get 503 with Retry-After and connections to the broker are closed; from 98 % messages of no open session and triggers get 503 unread. Open sessions and what waits to be sent go on. All is taken again below 90 %.',
    metric: 'postern_shed_total',
    proof: full,
  },
  {
    of: 'limits.loopDelay',
    effect: 'Near it the same is refused as near `limits.memory`, first and later.',
    metric: 'postern_shed_total',
    proof: 'programs/gateway/new-work-is-shed-first-and-taken-again-when-there-is-room.test.ts',
  },
  {
    of: 'Lines of the log that are kept for a bundle',
    fixed: '256 KiB',
    effect: 'The oldest make room.',
    proof: 'base/the-last-lines-of-the-log-are-kept-in-a-fixed-memory.test.ts',
  },
  {
    of: 'Open sessions, owners of reports and devices that a bundle lists',
    fixed: '200 of each',
    effect: 'Further ones are only counted.',
    proof: 'api/a-bundle-tells-everything-but-names-nobody.test.ts',
  },
  {
    of: 'Room on the disk after it was full',
    fixed: '1 MiB',
    effect:
      'With less the gateway does not try to write by itself, and a start waits in safe mode; what has to be kept gets 503 meanwhile.',
    metric: 'postern_ready',
    proof: 'store/a-database-that-failed-is-tried-by-the-clock.test.ts',
  },
  {
    of: 'Connections to the health port',
    fixed: '16',
    effect: 'A further one is closed.',
    metric: connections,
    proof: 'transport/a-unix-socket-is-for-our-own-user.test.ts',
  },
  {
    of: 'YAML: aliases, and the file itself',
    fixed: '100 values, 1 MiB',
    effect: 'The gateway says so and does not start.',
    proof: 'config/aliases-and-nesting-are-bounded.test.ts',
  },
];
