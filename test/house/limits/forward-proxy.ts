import type { Limit } from './limit.js';

const requests = 'postern_requests_refused_total';
const connections = 'postern_connections_refused_total';
const proxyShare = 'transport/forward-proxy/a-device-has-a-bounded-share.test.ts';
const proxyStill = 'transport/forward-proxy/what-stands-still-is-closed.test.ts';
const oneReading = 'transport/forward-proxy/an-answer-has-one-reading-only.test.ts';

/** Of devices that go through the forward proxy, and of the servers behind it. */
export const forwardProxyLimits: readonly Limit[] = [
  { of: 'transparent.maxConnections', effect: 'A further one is closed.', metric: connections, proof: proxyShare },
  { of: 'transparent.perDevice', effect: '429 with Retry-After; other devices are let in.', metric: requests, proof: proxyShare },
  { of: 'transparent.connectTimeout', effect: '504.', metric: requests, proof: proxyStill },
  { of: 'transparent.idle', effect: 'Both connections are closed.', met: 'transparent.idle', proof: proxyStill },
  {
    of: 'Head of an answer of a server behind the forward proxy',
    fixed: '16 KiB and 128 fields',
    effect: '502 to the device; the connection to the server is closed.',
    metric: requests,
    proof: oneReading,
  },
  {
    of: 'Interim answers (1xx) before such an answer',
    fixed: '8, none of them 101',
    effect: '502 to the device; the connection to the server is closed.',
    metric: requests,
    proof: 'transport/forward-proxy/what-nobody-asked-for-ends-both-connections.test.ts',
  },
  {
    of: 'Lines between the chunks of such an answer, and its trailers',
    fixed: '1 KiB each, 8 KiB together',
    effect: 'Both connections are closed: the device sees that the answer is cut.',
    proof: oneReading,
  },
];
