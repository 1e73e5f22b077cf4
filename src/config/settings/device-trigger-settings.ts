import { duration } from '../values/duration.js';
import { port } from '../values/network.js';
import { choice, count } from '../values/plain-values.js';
import { section, setting } from '../values/setting.js';

/** How a device is told that a server wants a session with it. */
export function deviceTrigger() {
  return section('How it hears of triggers; one in proxy mode needs a serverPassword for that.', {
    by: setting(choice(['none', 'udp', 'mqtt', 'poll']), {
      description:
        'The way: none (it is asked at its next session), udp (a datagram to its address), mqtt (published to it by the broker) or poll (it asks by HTTP long-poll).',
      default: 'none',
    }),
    port: setting(port(1), { description: 'The UDP port that it listens on, with udp.', default: 2948 }),
  });
}

/** What waits at most, and for how long. */
export function triggerLimits() {
  return section('How many triggers are kept and relayed at most.', {
    age: setting(duration('1m', '30d'), { description: 'One that no session has answered is given up after this time.', default: '1d' }),
    perAccount: setting(count(1, 1000), {
      description: 'Pending ones of one account; more are refused.',
      unit: 'triggers',
      default: 8,
    }),
    total: setting(count(1, 100_000), { description: 'Pending ones of all accounts.', unit: 'triggers', default: 1000 }),
    relayedPerDevice: setting(count(1, 6000), {
      description: 'Relayed to one transparent device in a minute; nobody here can tell forged ones from good ones.',
      unit: 'triggers',
      default: 12,
    }),
    relayedPerSource: setting(count(1, 6000), {
      description: 'Relayed for one source in a minute; one source is an address, or the MQTT broker.',
      unit: 'triggers',
      default: 30,
    }),
  });
}

/** Long-polls at the southern endpoint. */
export function triggerPolls() {
  return section('Devices that ask for triggers: GET <path>/trigger at the southern endpoint, with name and password (Basic).', {
    wait: setting(duration('5s', '10m'), {
      description: 'How long an answer is held back when there is no trigger (then 204).',
      default: '55s',
    }),
    maxWaiting: setting(count(1, 10_000), {
      description: 'Polls that wait at once; more get 503. They hold connections of south.maxConnections.',
      unit: 'polls',
      default: 128,
    }),
  });
}
