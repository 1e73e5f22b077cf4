import type { Limit } from './limit.js';

const messages = 'postern_messages_refused_total';
const requests = 'postern_requests_refused_total';
const connections = 'postern_connections_refused_total';
const refusedMessage = 'The connection is closed and nothing is kept:';
const eachLimit = 'dm/syncml/each-limit-is-enforced.test.ts';
const slow = 'transport/a-slow-peer-is-closed.test.ts';
const heads = 'transport/an-ambiguous-request-never-reaches-the-handler.test.ts';

/** Of connections at the southern door, and of what one message says. */
export const messageLimits: readonly Limit[] = [
  {
    of: 'Bodies that come in, together, of each door',
    fixed: '8 of the largest size',
    effect: 'The largest gets 503; the others stay.',
    metric: requests,
    proof: 'transport/bodies-that-come-in-share-a-bounded-room.test.ts',
  },
  {
    of: 'limits.messageBytes',
    effect: '413; the rest is not read.',
    metric: requests,
    proof: 'transport/an-oversize-body-is-refused-without-reading-on.test.ts',
  },
  {
    of: 'DevId, name and versions in the header of a message',
    fixed: '1024 characters',
    effect: `${refusedMessage} 413.`,
    metric: messages,
    proof: 'gateway/a-stranger-leaves-little-behind.test.ts',
  },
  {
    of: 'Commands of a message that is not taken',
    fixed: '100',
    effect: 'The Status of the header stands for all.',
    proof: 'gateway/a-stranger-leaves-little-behind.test.ts',
  },
  { of: 'limits.messageDepth', effect: `${refusedMessage} 400.`, metric: messages, proof: eachLimit },
  { of: 'limits.messageElements', effect: `${refusedMessage} 400.`, metric: messages, proof: eachLimit },
  { of: 'limits.messageAttributes', effect: `${refusedMessage} 400.`, metric: messages, proof: eachLimit },
  {
    of: 'limits.textLength',
    effect: `${refusedMessage} 413.`,
    metric: messages,
    proof: 'e2e/what-is-no-message-leaves-nothing-behind.test.ts',
  },
  {
    of: 'limits.objectBytes',
    effect: 'Status 413; its pieces are dropped.',
    met: 'limits.objectBytes',
    proof: 'dm/server/a-large-result-is-gathered-from-its-chunks.test.ts',
  },
  {
    of: 'Results of one message of a DM server, of the gateway’s own tree',
    fixed: '`limits.objectBytes`, and the Get that reaches it',
    effect: 'Further Gets get status 413.',
    proof: 'gateway/what-a-server-asks-of-the-gateway-at-once-is-bounded.test.ts',
  },
  {
    of: 'An ACL that a DM server sets',
    fixed: '2048 characters, of a node whose URI has 1024; 1000 for each device',
    effect: 'Status 413, 414 or 420.',
    proof: 'gateway/proxy/acls-and-accounts-are-answered-from-the-overlay.test.ts',
  },
  {
    of: 'Messages of a DM server that ask for nothing, one after the other',
    fixed: '20, or 100 and one for each 512 bytes of `limits.objectBytes` with pieces of an object',
    effect: 'The session with it ends; the device goes on with its other servers.',
    proof: 'gateway/proxy/one-server-does-not-cost-the-others-their-turn.test.ts',
  },
  {
    of: 'limits.maxMsgSize',
    effect: 'What does not fit goes in the next message, or in pieces.',
    proof: 'gateway/proxy/each-leg-keeps-to-its-own-sizes.test.ts',
  },
  { of: 'limits.headerTimeout', effect: 'The connection is closed.', metric: requests, proof: slow },
  { of: 'limits.bodyTimeout', effect: '408, and the connection is closed.', metric: requests, proof: slow },
  {
    of: 'limits.repeatWindow',
    effect: 'A later repeat is a new message, whose nonce is used up.',
    proof: 'gateway/a-byte-identical-repeat-gets-the-same-answer-and-has-no-second-effect.test.ts',
  },
  {
    of: 'south.maxConnections',
    effect: 'A further one is closed.',
    metric: connections,
    proof: 'transport/connections-are-bounded.test.ts',
  },
  { of: 'Head of a request', fixed: '8 KiB and 64 fields', effect: '431.', metric: requests, proof: heads },
  { of: 'Extensions of one chunk', fixed: "16 KiB (Node's)", effect: '413.', metric: requests, proof: heads },
];
