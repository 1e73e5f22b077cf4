import { beforeEach, expect, test } from 'vitest';
import { Counters, ManualClock, silentLog } from '#src/base/index.js';
import type { MdnsMessage } from '#src/discovery/mdns/link.js';
import type { MdnsRecord } from '#src/discovery/mdns/record.js';
import { ServiceBrowser } from '#src/discovery/mdns/service-browser.js';
import { SightingsKept } from '../sightings-kept.js';
import { noChance, SenderKept } from './sender-kept.js';

const uuid = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const byUuid = `urn:uuid:${uuid}`;
const byMac = 'urn:dev:mac:0024befffe804ff1';
const lan = { device: 'lan0', address: '192.168.7.1', isOnLink: () => true };

let clock: ManualClock;
let sender: SenderKept;
let sightings: SightingsKept;
let macs: Map<string, string>;
let browser: ServiceBrowser;
let counters: Counters;

beforeEach(() => {
  clock = new ManualClock();
  sender = new SenderKept();
  sightings = new SightingsKept();
  macs = new Map();
  const neighbours = (address: string) => macs.get(address);
  counters = new Counters();
  const types = ['_ipp._tcp', '_http._tcp'];
  const kept = { lan, sender, sightings, neighbours, counters };
  browser = new ServiceBrowser({ ...kept, types, every: 600_000, clock, entropy: noChance, log: silentLog });
});

function hear(answers: readonly MdnsRecord[], address = '192.168.7.20', kind: MdnsMessage['kind'] = 'response'): void {
  browser.take({ kind, questions: [], answers, authorities: [], additionals: [], from: { address, port: 5353 } });
}

interface Offered {
  readonly name?: string;
  readonly type?: string;
  readonly ttl?: number;
  readonly texts?: readonly string[];
  readonly at?: string;
}

function offer({
  name = 'Office',
  type = '_ipp._tcp',
  ttl = 4500,
  texts = [`UUID=${uuid}`],
  at = '192.168.7.20',
}: Offered = {}): MdnsRecord[] {
  const instance = `${name}.${type}.local`;
  return [
    { name: `${type}.local`, type: 'PTR', ttl, data: instance },
    { name: instance, type: 'SRV', ttl, data: { target: 'office.local', port: 631 } },
    { name: instance, type: 'TXT', ttl, data: texts },
    { name: 'office.local', type: 'A', ttl, data: at },
  ];
}

test('as what their services call the device', () => {
  hear(offer({ texts: [`UUID=${uuid}`, 'usb_MFG=Acme', 'usb_MDL=Laser\u0007 3', 'fw=1.2'] }));
  clock.advance(1000);
  const facts = { name: 'Office', manufacturer: 'Acme', model: 'Laser 3', firmware: '1.2' };
  expect(sightings.all).toEqual([{ id: byUuid, by: 'mdns', address: '192.168.7.20', heartbeat: 4_500_000, ...facts }]);
});

test('by their MAC address otherwise, which a question to them alone brings to light', () => {
  hear(offer({ texts: [] }));
  clock.advance(1000);
  expect([sender.asked, sightings.ids]).toEqual([['192.168.7.20'], []]);
  macs.set('192.168.7.20', '00:24:be:80:4f:f1');
  clock.advance(1000);
  expect(sightings.ids).toEqual([byMac]);
});

test('and not at all when nothing that lasts names them; they are asked three times', () => {
  hear(offer({ texts: ['id=C8:69:CD:00:00:01', 'serial=123'] }));
  clock.advance(10_000);
  expect([sightings.ids, sender.asked.length]).toEqual([[], 3]);
});

test('one that offers several services is one device, by the best of their names, whichever came first', () => {
  hear(offer({ name: 'Page', type: '_http._tcp', texts: ['mac=00:24:be:80:4f:f1'] }));
  hear(offer());
  clock.advance(1000);
  expect(sightings.ids).toEqual([byUuid]);
});

test('a heartbeat is a minute at least and a day at most', () => {
  hear(offer({ ttl: 10 }));
  clock.advance(1000);
  hear(offer({ ttl: 4_000_000_000 }));
  clock.advance(1000);
  expect(sightings.all.map(({ heartbeat }) => heartbeat)).toEqual([60_000, 86_400_000]);
});

test('a goodbye takes the device away when it was its last service', () => {
  hear([...offer(), ...offer({ name: 'Page', type: '_http._tcp' })]);
  clock.advance(1000);
  hear(offer({ ttl: 0 }).slice(0, 1));
  clock.advance(3000);
  expect(sightings.left).toEqual([]);
  hear(offer({ name: 'Page', type: '_http._tcp', ttl: 0 }).slice(0, 1));
  clock.advance(3000);
  expect(sightings.left).toEqual([byUuid]);
});

test('a goodbye that is followed by an announcement is none', () => {
  hear(offer());
  clock.advance(1000);
  hear(offer({ ttl: 0 }));
  hear(offer());
  clock.advance(5000);
  expect(sightings.left).toEqual([]);
});

test('nobody says goodbye for another', () => {
  hear(offer());
  clock.advance(1000);
  hear(offer({ ttl: 0 }), '192.168.7.66');
  clock.advance(5000);
  expect(sightings.left).toEqual([]);
});

test('nobody speaks for another: a service on another host is not its own', () => {
  hear(offer({ at: '192.168.7.99' }));
  clock.advance(5000);
  expect(sightings.all).toEqual([]);
});

test('silence is neither a sighting nor a goodbye: it counts by the heartbeat', () => {
  browser.start();
  hear(offer({ ttl: 120 }));
  clock.advance(3_600_000);
  expect([sightings.ids, sightings.left]).toEqual([[byUuid], []]);
});

test('services whose description did not come along are asked for, and then judged', () => {
  hear(offer().slice(0, 1));
  clock.advance(1000);
  expect(sender.queries.at(-1)?.questions).toEqual([
    { name: 'Office._ipp._tcp.local', type: 'SRV' },
    { name: 'Office._ipp._tcp.local', type: 'TXT' },
  ]);
  hear(offer().slice(1));
  clock.advance(1000);
  expect(sightings.ids).toEqual([byUuid]);
});

test('all are asked at once, then ever more seldom, and before what is known expires', () => {
  browser.start();
  clock.advance(100);
  expect(sender.queries).toHaveLength(1);
  clock.advance(3_600_000);
  const seldom = sender.queries.length;
  expect(seldom).toBeLessThan(16);
  hear(offer({ ttl: 120 }));
  clock.advance(95_000);
  expect(sender.queries).toHaveLength(seldom);
  clock.advance(2_000);
  expect(sender.queries).toHaveLength(seldom + 1);
});

test('questions, other types of service and the gateway itself are nothing to report', () => {
  hear(offer(), '192.168.7.20', 'query');
  hear(offer({ type: '_ssh._tcp' }));
  hear(offer({ at: lan.address }), lan.address);
  clock.advance(5000);
  expect([sightings.all, sender.queries]).toEqual([[], []]);
});

test('a neighbour is remembered with thirty-two services, and a thousand neighbours', () => {
  hear(Array.from({ length: 100 }, (_, at) => offer({ name: `P${at}`, texts: at === 40 ? [`UUID=${uuid}`] : [] })).flat());
  clock.advance(5000);
  expect(sightings.all).toEqual([]);
  for (let host = 0; host < 1_200; host += 1) {
    const address = `10.0.${host >> 8}.${host & 255}`;
    hear(
      offer({
        at: address,
        texts: [`mac=00:24:be:00:${(host >> 8).toString(16).padStart(2, '0')}:${(host & 255).toString(16).padStart(2, '0')}`],
      }),
      address,
    );
  }
  clock.advance(1000);
  expect(new Set(sightings.ids).size).toBe(999);
  expect(counters.samples('postern_discovery_dropped_total')).toEqual([{ labels: { protocol: 'mdns', reason: 'no-room' }, value: 201 }]);
});
