import { createRequire } from 'node:module';
import { factOf, identityOf } from '#src/discovery/mdns/identity.js';
import { NeighbourServices } from '#src/discovery/mdns/neighbour-services.js';
import { objectionTo } from '#src/discovery/mdns/packet-guard.js';
import { readQuestions, readRecords } from '#src/discovery/mdns/record.js';
import { chain, message, name, pointer, response } from '../../discovery/mdns/packet-guard-probe.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

interface DnsPacket {
  readonly questions: readonly unknown[];
  readonly answers: readonly unknown[];
  readonly authorities: readonly unknown[];
  readonly additionals: readonly unknown[];
}

/** The decoder that multicast-dns brings along. */
const decoder = createRequire(createRequire(import.meta.url).resolve('multicast-dns'))('dns-packet') as {
  decode(bytes: Buffer): DnsPacket;
  encode(packet: object): Buffer;
};
const instance = 'Office._ipp._tcp.local';
const records = [
  { type: 'PTR', name: '_ipp._tcp.local', ttl: 4500, data: instance },
  { type: 'SRV', name: instance, ttl: 120, data: { target: 'printer.local', port: 631 } },
  { type: 'TXT', name: instance, ttl: 4500, data: ['UUID=4509a320-00a0-008f-00b6-002507510eca', 'usb_MFG=Maker', '='] },
  { type: 'A', name: 'printer.local', ttl: 120, data: '192.0.2.9' },
];

/** More services than are remembered of one neighbour. */
const many = Array.from({ length: 40 }, (_, at) => pointer('_ipp._tcp.local', `p${at}._ipp._tcp.local`));

/** mDNS: the guard, the decoder behind it, and what is made of its records. */
export const mdnsTarget: FuzzTarget = {
  name: 'mdns',
  share: 0.01,
  grammar: {
    seeds: [
      Buffer.from(decoder.encode({ type: 'response', flags: 0x400, answers: records.slice(0, 1), additionals: records.slice(1) })),
      Buffer.from(decoder.encode({ type: 'query', questions: [{ type: 'PTR', name: '_ipp._tcp.local' }] })),
      response(5),
      message(Buffer.concat(many), { answers: many.length }),
      message(Buffer.concat([name('_ipp._tcp.local'), Buffer.of(0, 12, 0, 1)]), { questions: 1, flags: 0 }),
    ],
    pieces: [
      ...[pointer('_ipp._tcp.local', instance), chain(20), name('a'.repeat(63)), name('_ipp._tcp.local')],
      ...[[0xc0, 0x0c], [0xff, 0xff], [0xc0, 0xff], [0], [0x3f], [0x40], [0, 16, 0x80, 1], [0, 47, 0, 1], [0, 41, 0, 1]].map((bytes) =>
        Buffer.from(bytes),
      ),
    ],
    spansOf: (seed) => Array.from({ length: 6 + (seed.length >> 3) }, (_, at) => (at < 6 ? span(2 * at, 2) : span(12 + 8 * (at - 6), 8))),
  },
  check(input) {
    const packet = objectionTo(input) === undefined ? decoded(input) : undefined;
    if (packet === undefined) return;
    readQuestions(packet.questions);
    const services = new NeighbourServices('192.0.2.9');
    services.take([...readRecords(packet.answers), ...readRecords(packet.additionals)], new Set(['_ipp._tcp']), 0);
    const present = services.present(1);
    hold(present.length <= 32, 'few services of one neighbour');
    const id = identityOf(present);
    hold(id === undefined || /^urn:[!-~]{1,124}$/.test(id), 'an identity is a URN');
    factOf(present, 'model');
    services.toResolve();
    services.prune(10 ** 9);
  },
};

function span(start: number, length: number) {
  return { start, end: start + length };
}

/** What the decoder refuses, multicast-dns drops with a warning. */
function decoded(input: Buffer): DnsPacket | undefined {
  try {
    return decoder.decode(input);
  } catch {
    return undefined;
  }
}
