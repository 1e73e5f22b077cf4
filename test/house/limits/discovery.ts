import type { Limit } from './limit.js';

const discovery = 'postern_discovery_dropped_total';
const madeUp = 'gateway/presence/a-hundred-thousand-made-up-devices-cost-little.test.ts';
const announcements = 'discovery/ssdp/a-flood-of-announcements-is-bounded.test.ts';
const remembered = 'discovery/ssdp/what-is-remembered-of-the-network-is-bounded.test.ts';
const sighted = 'discovery/mdns/neighbours-that-offer-services-are-sighted.test.ts';
const leases = 'discovery/dhcp/a-lease-file-is-read-as-it-changes.test.ts';

/** Of neighbours, and of devices that nobody has declared. */
export const discoveryLimits: readonly Limit[] = [
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
    of: 'Descriptions fetched of one SSDP host',
    fixed: '8 in a minute; of all hosts 4 at once',
    effect: 'It is not fetched; when the device is announced again, it may be.',
    metric: discovery,
    proof: announcements,
  },
  {
    of: 'Devices of one SSDP host',
    fixed: '16, until one is silent for longer than it promised',
    effect: 'A further one is not noticed.',
    metric: discovery,
    proof: announcements,
  },
  {
    of: 'Answer to an SSDP search',
    fixed: 'no larger than what the address has sent',
    effect: 'There is none.',
    metric: discovery,
    proof: 'discovery/ssdp/an-answer-is-never-larger-than-what-came.test.ts',
  },
  {
    of: 'mDNS messages',
    fixed: '30 in a second of one neighbour, 200 of all together',
    effect: 'Further ones are not heard in that second.',
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
    of: 'Neighbours that offer services by mDNS',
    fixed: '1000, of each 32 services and 16 addresses',
    effect: 'A further one is not noticed until one of these has gone.',
    metric: discovery,
    proof: sighted,
  },
  {
    of: 'Datagram of SSDP',
    fixed: '2 KiB',
    effect: 'It is dropped unread.',
    metric: discovery,
    proof: 'discovery/ssdp/what-is-no-ssdp-is-dropped-and-counted.test.ts',
  },
  {
    of: 'Datagrams of SSDP of one address',
    fixed: '200 in 10 s',
    effect: 'Further ones are dropped unread; others are heard.',
    metric: discovery,
    proof: announcements,
  },
  {
    of: 'Devices found by SSDP on one network',
    fixed: '1024',
    effect: 'A further one is not noticed until one is silent for longer than it promised, or says goodbye.',
    metric: discovery,
    proof: remembered,
  },
  {
    of: 'Description of an SSDP device',
    fixed: '64 KiB, 2000 elements, 16 deep, within 3 s',
    effect: 'It is read no further, and the device is not taken.',
    metric: discovery,
    proof: 'discovery/ssdp/a-description-is-fetched-from-the-device-itself-alone.test.ts',
  },
  {
    of: 'Answers to SSDP searches that wait for their moment, and addresses that have one to their credit',
    fixed: '64, 1024',
    effect: 'A further search gets no answer.',
    metric: discovery,
    proof: remembered,
  },
  {
    of: 'Lease file of the DHCP server',
    fixed: '10 000 leases, 1 MiB',
    effect: 'What stands behind them is not looked at.',
    proof: leases,
  },
];
