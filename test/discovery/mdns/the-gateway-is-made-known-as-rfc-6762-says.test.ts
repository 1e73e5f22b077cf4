import { beforeEach, expect, test } from 'vitest';
import { ManualClock, silentLog } from '#src/base/index.js';
import type { MdnsMessage } from '#src/discovery/mdns/link.js';
import type { MdnsRecord } from '#src/discovery/mdns/record.js';
import { ServiceAdvertiser } from '#src/discovery/mdns/service-advertiser.js';
import { noChance, SenderKept } from './sender-kept.js';

const type = '_oma-dm._tcp.local';
const instance = `home._oma-dm._tcp.local`;
const from = { address: '192.168.7.20', port: 5353 };
const nothing = { questions: [], answers: [], authorities: [], additionals: [] };

let clock: ManualClock;
let sender: SenderKept;
let advertiser: ServiceAdvertiser;

beforeEach(() => {
  clock = new ManualClock();
  sender = new SenderKept();
  const service = { name: 'home', port: 8443, path: '/dm', tls: true };
  advertiser = new ServiceAdvertiser({ service, address: '192.168.7.1', sender, clock, entropy: noChance, log: silentLog });
});

const take = (message: Partial<MdnsMessage>) => advertiser.take({ kind: 'query', from, ...nothing, ...message });
const ask = (name: string, kind: 'PTR' | 'ANY' = 'PTR', answers: MdnsRecord[] = []) => take({ questions: [{ name, type: kind }], answers });
const others = (port: number): MdnsRecord => ({
  name: instance,
  type: 'SRV',
  ttl: 120,
  flush: true,
  data: { target: 'other.local', port },
});

function announced(): void {
  advertiser.start();
  clock.advance(10_000);
  sender.responses.length = 0;
  sender.queries.length = 0;
}

test('it asks three times whether anybody has its names, and announces itself twice', () => {
  advertiser.start();
  clock.advance(700);
  expect(sender.queries).toHaveLength(3);
  expect(sender.queries[0]?.authorities.map((record) => record.type)).toEqual(['SRV', 'TXT', 'A']);
  expect(sender.responses).toHaveLength(0);
  clock.advance(50);
  expect(sender.responses).toHaveLength(1);
  clock.advance(5_000);
  expect(sender.responses).toHaveLength(2);
  expect(sender.responses[0]).toContainEqual({ name: type, type: 'PTR', ttl: 4500, data: instance });
  expect(sender.responses[0]).toContainEqual(
    expect.objectContaining({ type: 'SRV', flush: true, data: { target: 'home.local', port: 8443 } }),
  );
  expect(sender.responses[0]).toContainEqual(expect.objectContaining({ type: 'TXT', data: ['txtvers=1', 'path=/dm', 'tls=1'] }));
});

test('a question is answered to all, with everything that one needs', () => {
  announced();
  ask('_OMA-DM._tcp.local');
  clock.advance(200);
  expect(sender.responses.map((records) => records.map((record) => record.type))).toEqual([['PTR', 'SRV', 'TXT', 'A']]);
  expect(sender.asked).toEqual([]);
});

test('however often it is asked, a record leaves once in a second', () => {
  announced();
  for (let round = 0; round < 500; round += 1) {
    ask(type);
    ask(instance, 'ANY');
    clock.advance(10);
  }
  expect(sender.responses.length).toBeLessThanOrEqual(6);
  expect(sender.responses.length).toBeGreaterThan(3);
});

test('a question for something else gets nothing', () => {
  announced();
  ask('_ipp._tcp.local', 'ANY');
  clock.advance(1000);
  expect(sender.responses).toEqual([]);
});

test.each([
  [4500, 0],
  [2250, 0],
  [2249, 1],
])('who knows the answer for %i s more is given it %i times', (ttl, times) => {
  announced();
  ask(type, 'PTR', [{ name: type, type: 'PTR', ttl, data: instance }]);
  clock.advance(1000);
  expect(sender.responses).toHaveLength(times);
});

test('a name that somebody has is left to him', () => {
  advertiser.start();
  clock.advance(300);
  take({ kind: 'response', answers: [others(1)] });
  expect(advertiser.instance).toBe(`home (2)._oma-dm._tcp.local`);
  clock.advance(3_000);
  expect(sender.responses[0]).toContainEqual(expect.objectContaining({ type: 'SRV', data: { target: 'home-2.local', port: 8443 } }));
});

test('a name that somebody takes later is probed for once more, and then left to him', () => {
  announced();
  take({ kind: 'response', answers: [others(1)] });
  expect(advertiser.instance).toBe(instance);
  clock.advance(300);
  expect(sender.queries.length).toBeGreaterThan(0);
  take({ kind: 'response', answers: [others(1)] });
  expect(advertiser.instance).toContain('(2)');
});

test('our own records, heard again, are no conflict', () => {
  advertiser.start();
  clock.advance(800);
  take({ kind: 'response', answers: sender.responses[0] ?? [] });
  take({ authorities: sender.queries[0]?.authorities ?? [] });
  expect(advertiser.instance).toBe(instance);
  clock.advance(5_000);
  expect(sender.queries).toHaveLength(3);
});

test('two who probe in the same moment both begin again', () => {
  advertiser.start();
  clock.advance(300);
  take({ questions: [{ name: instance, type: 'ANY' }], authorities: [others(1)] });
  clock.advance(900);
  expect(sender.queries).toHaveLength(2);
  clock.advance(2_000);
  expect([sender.queries.length, advertiser.instance]).toEqual([5, instance]);
});

test('whoever claims every name makes it wait, and not send ever more', () => {
  advertiser.start();
  for (let round = 0; round < 400; round += 1) {
    clock.advance(300);
    take({ kind: 'response', answers: [{ ...others(1), name: advertiser.instance }] });
  }
  expect(sender.queries.length).toBeLessThan(30);
});

test('it takes back all that is its own, and nothing of others', async () => {
  announced();
  await advertiser.stop();
  expect(sender.responses).toHaveLength(1);
  expect(sender.responses[0]?.every(({ ttl }) => ttl === 0)).toBe(true);
  expect(sender.responses[0]?.map(({ name }) => name)).not.toContain('_services._dns-sd._udp.local');
  ask(type);
  clock.advance(5_000);
  expect(sender.responses).toHaveLength(1);
});

test('names that the encoder could not write are made such that it can', () => {
  const service = { name: `Haus Nr. 3 ${'ä'.repeat(60)}`, port: 1, path: '/', tls: false };
  const one = new ServiceAdvertiser({ service, address: '192.168.7.1', sender, clock, entropy: noChance, log: silentLog });
  const label = one.instance.slice(0, -'._oma-dm._tcp.local'.length);
  expect(label).toMatch(/^Haus Nr- 3 ä+$/);
  expect(Buffer.byteLength(label)).toBeLessThanOrEqual(63);
});
