import type { Limit } from './limit.js';

const atBroker = 'postern_broker_refused_total';
const notKept = 'postern_broker_dropped_total';
const deniedThere = 'postern_broker_denied_total';
const readLater = 'postern_broker_throttled_total';
const brokerPeers = 'broker/a-peer-is-bounded-in-what-it-opens-and-sends.test.ts';
const brokerClaims = 'broker/what-claims-too-much-is-closed-and-holds-nothing.test.ts';
const brokerFrozen = 'broker/half-done-messages-and-frozen-subscribers-are-bounded.test.ts';
const brokerQueue = 'broker/what-waits-for-a-device-comes-in-order-until-it-is-acknowledged.test.ts';

/** Of peers of the embedded broker. */
export const brokerLimits: readonly Limit[] = [
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
  { of: 'broker.limits.ban', effect: 'The device that was kept out is let in again.', metric: atBroker, proof: brokerPeers },
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
    of: 'Levels of an MQTT topic, published, subscribed to or of a will',
    fixed: '16',
    effect: 'The message or the filter is refused, and a CONNECT with such a will (CONNACK 5); thousands of levels end the connection.',
    metric: deniedThere,
    proof: 'broker/nobody-reaches-the-place-of-another.test.ts',
  },
  {
    of: 'Connections that one address opens in a minute',
    fixed: '30 times `broker.limits.perAddress`',
    effect: 'A further one is closed before it says a word, until the minute is over.',
    metric: atBroker,
    proof: brokerPeers,
  },
];
