import type { Limit } from './limit.js';

const connections = 'postern_connections_refused_total';
const triggers = 'postern_triggers_total';
const relayed = 'gateway/triggers/a-transparent-device-gets-its-triggers-byte-for-byte.test.ts';
const pending = 'gateway/triggers/pending-triggers-are-durable-and-bounded.test.ts';
const datagrams = 'transport/triggers/datagrams-are-taken-and-never-answered.test.ts';

/** Of triggers and of those who post, send or wait for them. */
export const triggerLimits: readonly Limit[] = [
  { of: 'triggers.udp.perMinute', effect: 'A further datagram is dropped unread.', met: 'triggers.udp.perMinute', proof: datagrams },
  {
    of: 'triggers.poll.maxWaiting',
    effect: '503 with Retry-After.',
    met: 'triggers.poll.maxWaiting',
    proof: 'gateway/triggers/a-device-that-can-do-nothing-else-asks-for-triggers.test.ts',
  },
  { of: 'triggers.limits.age', effect: 'The trigger is given up.', met: 'triggers.limits.age', proof: pending },
  { of: 'triggers.limits.perAccount', effect: 'A further one is refused.', metric: triggers, proof: pending },
  {
    of: 'triggers.limits.total',
    effect: 'A further one is refused.',
    metric: triggers,
    proof: 'gateway/triggers/all-accounts-together-have-a-bound.test.ts',
  },
  { of: 'triggers.limits.relayedPerDevice', effect: 'A further one is not relayed.', metric: triggers, proof: relayed },
  { of: 'triggers.limits.relayedPerSource', effect: 'A further one is not relayed.', metric: triggers, proof: relayed },
  { of: 'Datagrams of triggers at once', fixed: '64', effect: 'A further one is dropped.', met: 'triggers.udp at once', proof: datagrams },
  { of: 'Datagram of a trigger', fixed: '1 KiB', effect: 'It is dropped unread.', met: 'triggers.udp bytes', proof: datagrams },
  {
    of: 'Connections to the port where triggers are posted',
    fixed: '64, of one address 8',
    effect: 'A further one is closed.',
    metric: connections,
    proof: 'programs/gateway/connections-to-the-door-of-triggers-are-bounded.test.ts',
  },
];
