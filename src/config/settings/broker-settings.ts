import { duration } from '../values/duration.js';
import { listenAddress, port } from '../values/network.js';
import { count, flag } from '../values/plain-values.js';
import { optionalSetting, section, setting } from '../values/setting.js';
import { size } from '../values/size.js';

/** The embedded MQTT broker. */
export function brokerSection() {
  return section('The MQTT broker for the devices of the inventory; each sees only its own topics.', {
    listen: setting(listenAddress(), { description: 'The address that it listens on.', default: '127.0.0.1' }),
    port: optionalSetting(port(0), { description: 'Its port; absent: there is no broker.', example: 8883 }),
    tls: setting(flag(), { description: 'Whether it speaks TLS, with a certificate of the local CA; the LAN needs it.', default: false }),
    allowPlain: setting(flag(), { description: 'Whether devices on the LAN may do without TLS.', default: false }),
    limits: brokerLimits(),
    queue: brokerQueue(),
    retained: brokerRetained(),
  });
}

function brokerLimits() {
  return section('What one device, or one address, can take of the broker.', {
    connections: setting(count(1, 65_535), {
      description: 'Connections open at once; more are closed.',
      unit: 'connections',
      default: 500,
    }),
    perAddress: setting(count(1, 65_535), { description: 'Of them, those of one address.', unit: 'connections', default: 20 }),
    perDevice: setting(count(1, 64), { description: 'And those of one device.', unit: 'connections', default: 4 }),
    connectTimeout: setting(duration('1s', '1m'), { description: 'How long a peer may take until it is known.', default: '5s' }),
    packetBytes: setting(size('2KiB', '1MiB'), { description: 'One packet of a known device; 2 KiB before.', default: '64KiB' }),
    messagesPerSecond: setting(count(1, 100_000), {
      description: 'What one device may send, four seconds of it at once; the rest is read later.',
      unit: 'packets per second',
      default: 50,
    }),
    bytesPerSecond: setting(size('1KiB', '1GiB'), { description: 'The same in bytes for each second.', default: '256KiB' }),
    connectsPerMinute: setting(count(1, 600), {
      description: 'A device that connects more often from one address is kept out for a while.',
      unit: 'connections',
      default: 15,
    }),
    ban: setting(duration('1s', '1d'), { description: 'For so long.', default: '5m' }),
    subscriptions: setting(count(1, 1000), { description: 'Topic filters of one connection.', unit: 'filters', default: 32 }),
    drainTimeout: setting(duration('1s', '5m'), { description: 'Whoever reads nothing for so long is closed.', default: '10s' }),
    backlogBytes: setting(size('64KiB', '16MiB'), { description: 'What may wait for one that reads slowly.', default: '256KiB' }),
  });
}

function brokerQueue() {
  return section('What waits, durably, for devices that are not there; more is refused.', {
    perDevice: setting(count(1, 10_000), { description: 'Messages for one device.', unit: 'messages', default: 100 }),
    bytesPerDevice: setting(size('1KiB', '64MiB'), { description: 'Their bytes.', default: '256KiB' }),
    rows: setting(count(1, 1_000_000), { description: 'Messages for all.', unit: 'messages', default: 10_000 }),
    bytes: setting(size('1KiB', '1GiB'), { description: 'Their bytes.', default: '16MiB' }),
    maxAge: setting(duration('1m', '365d'), { description: 'What nobody took is dropped after this time.', default: '7d' }),
  });
}

function brokerRetained() {
  return section('What devices may leave behind as retained messages, in memory; more is not retained.', {
    perDevice: setting(count(1, 10_000), { description: 'Messages of one device.', unit: 'messages', default: 32 }),
    bytesPerDevice: setting(size('1KiB', '16MiB'), { description: 'Their bytes, topics included.', default: '64KiB' }),
    bytes: setting(size('1KiB', '256MiB'), { description: 'The bytes of all.', default: '4MiB' }),
  });
}
