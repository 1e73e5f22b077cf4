import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type MulticastDns from 'multicast-dns';
import { type Clock, type Counters, type Log, PosternError, SourceLimit } from '#src/base/index.js';
import type { Lan } from '../lan.js';
import { objectionTo } from './packet-guard.js';
import { type MdnsQuestion, type MdnsRecord, readQuestions, readRecords } from './record.js';

/** Datagrams taken in a second: of one source, and of all together. */
const perSource = 30;
const perSecond = 200;
const second = 1000;

/** A message of a neighbour. */
export interface MdnsMessage {
  readonly kind: 'query' | 'response';
  readonly questions: readonly MdnsQuestion[];
  readonly answers: readonly MdnsRecord[];
  /** What a prober wants to call its own. */
  readonly authorities: readonly MdnsRecord[];
  readonly additionals: readonly MdnsRecord[];
  readonly from: { readonly address: string; readonly port: number };
}

/** Sends to the link, and nowhere else. What cannot be sent is logged: the next one follows soon. */
export interface MdnsSender {
  query(questions: readonly MdnsQuestion[], authorities?: readonly MdnsRecord[]): void;
  /** To everybody on the link. */
  respond(answers: readonly MdnsRecord[]): Promise<void>;
  /** To one neighbour alone: to be answered by it, and to learn its MAC address. */
  ask(address: string, questions: readonly MdnsQuestion[]): void;
}

export interface MdnsLinkOptions {
  readonly lan: Lan;
  /** 5353; another one in tests. */
  readonly port?: number;
  readonly take: (message: MdnsMessage) => void;
  /** Absent: what is dropped is not counted. */
  readonly counters?: Counters;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The mDNS socket of one interface. Datagrams from off the link, too many of them and those that the decoder should not see are dropped.
 * @throws PosternError `wire.listen`
 * @see RFC 6762 § 11 (only the link), § 17 (sizes)
 */
export async function openMdnsLink(options: MdnsLinkOptions): Promise<MdnsSender & { close(): Promise<void> }> {
  const { lan, port = 5353, log } = options;
  const { default: makeMdns } = await import('multicast-dns');
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const mdns = makeMdns({ socket, port, interface: lan.address, bind: '0.0.0.0' });
  guardDecoder(socket, admission(options));
  mdns.on('warning', (error: Error) => log.debug({ err: error }, 'an mDNS datagram was not understood, or the socket complained'));
  await ready(mdns, port);
  mdns.on('error', (error: Error) => log.warn({ err: error }, 'the mDNS socket has failed'));
  mdns.on('query', (packet, from) => deliver(options, 'query', packet, from));
  mdns.on('response', (packet, from) => deliver(options, 'response', packet, from));
  return { ...senderOf(mdns, port, log), close: () => new Promise((resolve) => mdns.destroy(resolve)) };
}

function senderOf(mdns: MulticastDns.MulticastDNS, port: number, log: Log): MdnsSender {
  const sent = (error: Error | null | undefined) => {
    if (error) log.debug({ err: error }, 'an mDNS datagram could not be sent');
  };
  return {
    query: (questions, authorities = []) => mdns.query({ questions: [...questions] as never, authorities: outgoing(authorities) }, sent),
    respond: (answers) =>
      new Promise((resolve) => {
        mdns.respond({ answers: outgoing(answers) }, (error) => {
          sent(error);
          resolve();
        });
      }),
    ask: (address, questions) => mdns.query({ questions: [...questions] as never }, { address, port }, sent),
  };
}

/** The library puts its decoder on the socket at once; ours comes before it. */
function guardDecoder(socket: Socket, admits: (bytes: Uint8Array, from: RemoteInfo) => boolean): void {
  const [decode, ...more] = socket.listeners('message') as ((bytes: Uint8Array, from: RemoteInfo) => void)[];
  if (decode === undefined || more.length > 0) throw new Error('multicast-dns does not decode as it did');
  socket.removeAllListeners('message');
  socket.on('message', (bytes, from) => {
    if (admits(bytes, from)) decode(bytes, from);
  });
}

function admission({ lan, clock, counters }: MdnsLinkOptions): (bytes: Uint8Array, from: RemoteInfo) => boolean {
  const sources = new SourceLimit({ most: perSource, every: second, clock });
  const all = new SourceLimit({ most: perSecond, every: second, clock });
  const objection = (bytes: Uint8Array, address: string) => {
    if (!lan.isOnLink(address)) return 'off-link';
    if (!sources.admits(address) || !all.admits('all')) return 'too-many';
    return objectionTo(bytes);
  };
  return (bytes, { address }) => {
    const reason = objection(bytes, address);
    if (reason !== undefined) count(counters, reason);
    return reason === undefined;
  };
}

function count(counters: Counters | undefined, reason: string): void {
  counters?.add('postern_discovery_dropped_total', { protocol: 'mdns', reason });
}

async function ready(mdns: MulticastDns.MulticastDNS, port: number): Promise<void> {
  try {
    await once(mdns, 'ready');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await new Promise<void>((resolve) => mdns.destroy(resolve));
    throw new PosternError('wire.listen', { address: `0.0.0.0:${port} (mDNS)`, why }, { cause: error });
  }
}

function deliver(
  options: MdnsLinkOptions,
  kind: MdnsMessage['kind'],
  packet: MulticastDns.FullPacket,
  { address, port }: RemoteInfo,
): void {
  // Who answers from another port is no mDNS responder. @see RFC 6762 § 6
  if (kind === 'response' && port !== (options.port ?? 5353)) return count(options.counters, 'wrong-port');
  options.take({
    kind,
    questions: readQuestions(packet.questions ?? []),
    answers: readRecords(packet.answers ?? []),
    authorities: readRecords(packet.authorities ?? []),
    additionals: readRecords(packet.additionals ?? []),
    from: { address, port },
  });
}

/** The encoder writes into what it is given. */
function outgoing(records: readonly MdnsRecord[]): never[] {
  return records.map((record) => ({ ...record, data: record.type === 'TXT' ? [...record.data] : record.data })) as never[];
}
