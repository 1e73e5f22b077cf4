import type { MetLimit, MetricName } from '#src/base/index.js';

/** A limit as docs/reference/limits.md shows it; default and range of a configured one come from the configuration's own schema. */
export interface Limit {
  /** Its key, or what it is where nobody can change it. */
  readonly of: string;
  /** Where it is no key. */
  readonly fixed?: string;
  /** What happens to whoever meets it. */
  readonly effect: string;
  /** What counts it, where something does. */
  readonly metric?: MetricName;
  /** What `postern_limits_met_total` calls it, which counts it instead. */
  readonly met?: MetLimit;
  /** The test that shows it, below `test`. */
  readonly proof: string;
}

const messages = 'postern_messages_refused_total';
const requests = 'postern_requests_refused_total';
const connections = 'postern_connections_refused_total';
const triggers = 'postern_triggers_total';
const discovery = 'postern_discovery_dropped_total';
const atBroker = 'postern_broker_refused_total';
const notKept = 'postern_broker_dropped_total';
const deniedThere = 'postern_broker_denied_total';
const readLater = 'postern_broker_throttled_total';
const logins = 'postern_logins_refused_total';

const refusedMessage = 'The connection is closed and nothing is kept:';
const eachLimit = 'dm/syncml/each-limit-is-enforced.test.ts';
const brokerPeers = 'broker/a-peer-is-bounded-in-what-it-opens-and-sends.test.ts';
const brokerClaims = 'broker/what-claims-too-much-is-closed-and-holds-nothing.test.ts';
const brokerFrozen = 'broker/half-done-messages-and-frozen-subscribers-are-bounded.test.ts';
const brokerQueue = 'broker/what-waits-for-a-device-comes-in-order-until-it-is-acknowledged.test.ts';
const relayed = 'gateway/triggers/a-transparent-device-gets-its-triggers-byte-for-byte.test.ts';
const pending = 'gateway/triggers/pending-triggers-are-durable-and-bounded.test.ts';
const madeUp = 'gateway/presence/a-hundred-thousand-made-up-devices-cost-little.test.ts';
const slow = 'transport/a-slow-peer-is-closed.test.ts';
const proxyShare = 'transport/forward-proxy/a-device-has-a-bounded-share.test.ts';
const proxyStill = 'transport/forward-proxy/what-stands-still-is-closed.test.ts';
const slowServer = 'gateway/proxy/a-slow-server-is-waited-for-with-a-harmless-get.test.ts';
const announcements = 'discovery/ssdp/a-flood-of-announcements-is-bounded.test.ts';
const heads = 'transport/an-ambiguous-request-never-reaches-the-handler.test.ts';
const guesses = 'gateway/who-guesses-is-not-looked-at-and-keeps-nobody-out.test.ts';
const guessed = 'base/an-account-that-was-wrong-is-looked-at-ever-more-seldom.test.ts';
const datagrams = 'transport/triggers/datagrams-are-taken-and-never-answered.test.ts';
const full = 'e2e/a-gateway-that-is-full-says-so-stays-alive-and-recovers.test.ts';
const retries = 'gateway/alerts-that-a-server-did-not-take-are-retried-in-a-session-without-the-device.test.ts';

/** Every limit that somebody outside can meet. */
export const limitsTable: readonly Limit[] = [
  {
    of: 'limits.memory',
    effect:
      'From 95 % of it new sessions, polls and ways out get 503 with Retry-After and connections to the broker are closed; from 98 % messages of no open session and triggers get 503 unread. Open sessions and what waits to be sent go on. All is taken again below 90 %.',
    metric: 'postern_shed_total',
    proof: full,
  },
  {
    of: 'limits.loopDelay',
    effect: 'The same.',
    metric: 'postern_shed_total',
    proof: 'programs/gateway/new-work-is-shed-first-and-taken-again-when-there-is-room.test.ts',
  },
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
  {
    of: 'limits.sessions',
    effect: '503 with Retry-After; those who have not proved themselves make room first.',
    metric: messages,
    proof: 'gateway/open-sessions-are-bounded.test.ts',
  },
  {
    of: 'limits.sessionIdle',
    effect: 'The session ends; its server hears 1223.',
    metric: 'postern_sessions_ended_total',
    proof: 'gateway/proxy/a-device-that-vanishes-leaves-the-statuses-that-there-are.test.ts',
  },
  {
    of: 'limits.deviceWait',
    effect: 'The device gets a harmless Get, and what the server wants later.',
    met: 'limits.deviceWait',
    proof: slowServer,
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
  {
    of: 'north.answerTimeout',
    effect: 'The session north ends; what it had is tried again.',
    metric: 'postern_sessions_ended_total',
    proof: 'gateway/proxy/a-server-that-fails-never-hangs-the-device.test.ts',
  },
  { of: 'retry.maxAge', effect: 'The alert is given up.', metric: 'postern_reports_settled_total', proof: retries },
  {
    of: 'retry.sessionsPerSecond',
    effect: 'The others wait for their turn; those of triggers to the gateway itself count too. How much waits: `postern_outbox_pending`.',
    proof: 'gateway/after-an-outage-no-second-has-more-new-sessions-than-the-rate.test.ts',
  },
  {
    of: 'retry.alertsPerDevice',
    effect: 'The device gets status 417 for a further one, and reports it later.',
    met: 'retry.alertsPerDevice',
    proof: 'store/a-report-is-queued-once-and-within-bounds.test.ts',
  },
  {
    of: 'Alerts of one device that wait, together',
    fixed: '4 MiB, and the one that reaches them',
    effect: 'The same.',
    proof: 'store/a-report-is-queued-once-and-within-bounds.test.ts',
  },
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
  { of: 'transparent.maxConnections', effect: 'A further one is closed.', metric: connections, proof: proxyShare },
  { of: 'transparent.perDevice', effect: '429 with Retry-After; other devices are let in.', metric: requests, proof: proxyShare },
  { of: 'transparent.connectTimeout', effect: '504.', metric: requests, proof: proxyStill },
  { of: 'transparent.idle', effect: 'Both connections are closed.', met: 'transparent.idle', proof: proxyStill },
  {
    of: 'logins.failuresPerHour',
    effect: 'It is looked at only where it was right before, or with the nonce that the device was given.',
    metric: logins,
    proof: guessed,
  },
  {
    of: 'Addresses from which an account was right, over restarts, as digests',
    fixed: '8 of one account, 16 384 of all, each for 90 days after its last use',
    effect: 'That which was used longest ago is forgotten, and counts as any other.',
    proof: 'store/where-accounts-were-right-outlives-a-restart.test.ts',
  },
  { of: 'logins.longestDelay', effect: 'It ends.', metric: logins, proof: guessed },
  { of: 'broker.limits.connections', effect: 'A further one is closed.', metric: atBroker, proof: brokerPeers },
  { of: 'broker.limits.perAddress', effect: 'A further one is closed before it says a word.', metric: atBroker, proof: brokerPeers },
  { of: 'broker.limits.perDevice', effect: 'A further one is refused.', metric: atBroker, proof: brokerPeers },
  { of: 'broker.limits.connectTimeout', effect: 'The connection is closed.', metric: atBroker, proof: brokerClaims },
  {
    of: 'broker.limits.packetBytes',
    effect: 'The connection is closed at the header of the packet.',
    metric: atBroker,
    proof: brokerClaims,
  },
  { of: 'broker.limits.messagesPerSecond', effect: 'The rest is read later; nothing is lost.', metric: readLater, proof: brokerPeers },
  { of: 'broker.limits.bytesPerSecond', effect: 'The rest is read later; nothing is lost.', metric: readLater, proof: brokerPeers },
  { of: 'broker.limits.connectsPerMinute', effect: 'The device is kept out, from that address.', metric: atBroker, proof: brokerPeers },
  { of: 'broker.limits.ban', effect: 'It ends.', metric: atBroker, proof: brokerPeers },
  { of: 'broker.limits.subscriptions', effect: 'A further filter is refused.', metric: deniedThere, proof: brokerPeers },
  {
    of: 'broker.limits.drainTimeout',
    effect: 'The connection is closed; what waits for the device stays.',
    metric: atBroker,
    proof: brokerFrozen,
  },
  {
    of: 'broker.limits.backlogBytes',
    effect: 'The connection is closed; what waits for the device stays.',
    metric: atBroker,
    proof: brokerFrozen,
  },
  { of: 'broker.queue.perDevice', effect: 'A further message is refused.', metric: notKept, proof: brokerQueue },
  { of: 'broker.queue.bytesPerDevice', effect: 'A further message is refused.', metric: notKept, proof: brokerQueue },
  { of: 'broker.queue.rows', effect: 'A further message is refused.', metric: notKept, proof: brokerQueue },
  { of: 'broker.queue.bytes', effect: 'A further message is refused.', metric: notKept, proof: brokerQueue },
  { of: 'broker.queue.maxAge', effect: 'The message is dropped.', metric: notKept, proof: brokerQueue },
  { of: 'broker.retained.perDevice', effect: 'A further message is sent and not retained.', metric: notKept, proof: brokerPeers },
  { of: 'broker.retained.bytesPerDevice', effect: 'A further message is sent and not retained.', metric: notKept, proof: brokerPeers },
  { of: 'broker.retained.bytes', effect: 'A further message is sent and not retained.', metric: notKept, proof: brokerPeers },
  {
    of: 'presence.mostQuarantined',
    effect: 'The oldest that was never admitted is forgotten.',
    met: 'presence.mostQuarantined',
    proof: madeUp,
  },
  { of: 'presence.mostDiscovered', effect: 'A further one is not let in.', met: 'presence.mostDiscovered', proof: madeUp },
  { of: 'presence.newPerMinute', effect: 'A further one is counted and not written down.', met: 'presence.newPerMinute', proof: madeUp },
  { of: 'presence.mostRefused', effect: 'The oldest is forgotten.', proof: 'gateway/presence/who-was-refused-does-not-come-back.test.ts' },
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
  { of: 'Head of a request', fixed: '8 KiB and 64 fields', effect: '431.', metric: requests, proof: heads },
  { of: 'Extensions of one chunk', fixed: "16 KiB (Node's)", effect: '413.', metric: requests, proof: heads },
  {
    of: 'Connections to the health port',
    fixed: '16',
    effect: 'A further one is closed.',
    metric: connections,
    proof: 'transport/a-unix-socket-is-for-our-own-user.test.ts',
  },
  {
    of: 'Sessions of our own, for reports and triggers, at once',
    fixed: '16 with one DM server, 64 with all',
    effect: 'The others wait.',
    proof: 'gateway/sessions-of-our-own-are-bounded-at-once.test.ts',
  },
  {
    of: 'Sessions of our own with a DM server that does not answer',
    fixed: '1 at a time, each after a random part of `retry.cap`',
    effect: 'The others wait until it has answered anybody.',
    metric: 'postern_servers_away',
    proof: 'gateway/a-server-that-is-away-is-tried-by-one-session-at-a-time.test.ts',
  },
  {
    of: 'Sessions of devices with such a server, and for a minute after its return',
    fixed: '`retry.sessionsPerSecond`; as many wait as have their turn within 5 s, a quarter of `limits.sessions` at most',
    effect:
      'A further device that has proved itself gets 503 with Retry-After when it will be its turn, 5 min at most; nothing of its message is taken.',
    metric: messages,
    proof: 'gateway/a-thousand-devices-that-come-back-by-themselves-meet-their-server-under-the-rate.test.ts',
  },
  {
    of: 'Tries of such a server because a trigger of its came again',
    fixed: '1 between two tries, `retry.first` after the last, not before its Retry-After',
    effect: 'Further ones hurry nothing.',
    metric: 'postern_triggers_total',
    proof: 'gateway/a-sign-of-life-of-a-server-that-is-away-is-followed-at-once.test.ts',
  },
  {
    of: 'Retry-After of a DM server',
    fixed: '1 h',
    effect: 'It is tried after that time, whatever it says.',
    metric: 'postern_servers_away',
    proof: 'gateway/a-server-that-says-when-to-come-back-is-left-alone-until-then.test.ts',
  },
  { of: 'Datagrams of triggers at once', fixed: '64', effect: 'A further one is dropped.', met: 'triggers.udp at once', proof: datagrams },
  { of: 'Datagram of a trigger', fixed: '1 KiB', effect: 'It is dropped unread.', met: 'triggers.udp bytes', proof: datagrams },
  {
    of: 'Messages of a package without Final',
    fixed: '1000',
    effect: 'The session ends.',
    metric: 'postern_sessions_ended_total',
    proof: 'gateway/a-package-that-is-never-closed-is-bounded.test.ts',
  },
  {
    of: 'MQTT packet before CONNACK',
    fixed: '2 KiB',
    effect: 'The connection is closed at its header.',
    metric: atBroker,
    proof: brokerClaims,
  },
  {
    of: 'QoS 2 messages of one connection half done',
    fixed: '32',
    effect: 'The connection is closed; what is too much is not taken.',
    metric: atBroker,
    proof: brokerFrozen,
  },
  {
    of: 'Names that the broker counts connections and denials of',
    fixed: '4096',
    effect: 'All others are counted together.',
    proof: 'broker/a-flood-of-invented-names-is-counted-as-one.test.ts',
  },
  {
    of: 'Wrong credentials of one account from one address',
    fixed: '5, then one after 1 s, 2 s, 4 s, …: 10 in a minute',
    effect: '503 (forward proxy: 429) with Retry-After, CONNACK 3; they are not looked at.',
    metric: logins,
    proof: guesses,
  },
  {
    of: 'Accounts, and accounts at an address, whose wrong credentials are remembered',
    fixed: '4096 of devices that exist, 4096 of others',
    effect: 'The one that was wrong longest ago is forgotten.',
    proof: guessed,
  },
  {
    of: 'Descriptions fetched of one SSDP host',
    fixed: '8 in a minute, 4 hosts at once',
    effect: 'It waits.',
    metric: discovery,
    proof: announcements,
  },
  { of: 'Devices of one SSDP host', fixed: '16', effect: 'A further one is not noticed.', metric: discovery, proof: announcements },
  {
    of: 'Answer to an SSDP search',
    fixed: 'no larger than what the address has sent',
    effect: 'There is none.',
    metric: discovery,
    proof: 'discovery/ssdp/an-answer-is-never-larger-than-what-came.test.ts',
  },
  {
    of: 'mDNS messages of one neighbour',
    fixed: '30 in a second',
    effect: 'It is not heard.',
    metric: discovery,
    proof: 'discovery/mdns/only-neighbours-are-heard-and-not-too-much.test.ts',
  },
  {
    of: 'mDNS message',
    fixed: '9000 bytes, 128 questions and records',
    effect: 'It is dropped before it is decoded.',
    metric: discovery,
    proof: 'discovery/mdns/what-is-dropped-is-counted.test.ts',
  },
  {
    of: 'YAML: aliases, and the file itself',
    fixed: '100 values, 1 MiB',
    effect: 'The gateway says so and does not start.',
    proof: 'config/aliases-and-nesting-are-bounded.test.ts',
  },
];

/** Numbers of the configuration that say when or how often we do something; nobody outside can meet them. */
export const noLimits: readonly string[] = [
  'devices[].polling',
  'devices[].accounts[].priority',
  'devices[].accounts[].polling',
  'triggers.mqtt.keepAlive',
  'triggers.poll.wait',
  'presence.settle',
  'presence.grace',
  'discovery.ssdp.searchInterval',
  'discovery.mdns.searchInterval',
  'discovery.dhcp.leaseInterval',
  'retry.first',
  'retry.cap',
];
