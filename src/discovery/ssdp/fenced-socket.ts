import type { RemoteInfo, Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { Log } from '#src/base/index.js';
import type { AnswerFence } from './answer-fence.js';
import { kindOfDatagram, largestDatagram, type SsdpKind, waitOfSearch } from './datagram.js';
import type { Drops } from './drops.js';

/** What node-ssdp may read, and what it may answer. */
export interface SocketFence {
  /** The address of the group and its port. */
  readonly group: string;
  readonly port: number;
  /** What is read here; everything else is dropped. */
  readonly kinds: ReadonlySet<SsdpKind>;
  isOnLink(address: string): boolean;
  /** Whether it is one of our own searches, which the group hears as well. */
  isOurs(from: RemoteInfo): boolean;
  /** Whether one more datagram of this address is within its allowance. */
  admits(address: string): boolean;
  /** Absent: nothing is ever answered. */
  readonly answers?: AnswerFence;
  readonly drops: Drops;
  readonly log: Log;
}

/**
 * What node-ssdp takes for its socket: it has none of its own. It reads only what the fence lets in; what it sends goes to the group,
 * or is the one answer to the search that it is just reading. It is bound, joined and closed by us, whose errors are seen.
 */
export class FencedSocket extends EventEmitter {
  readonly #socket: Socket;
  readonly #fence: SocketFence;
  #underWay = 0;
  #drained: (() => void) | undefined;

  constructor(socket: Socket, fence: SocketFence) {
    super();
    this.#socket = socket;
    this.#fence = fence;
    socket.on('message', (bytes, from) => this.#take(bytes, from));
  }

  /** What node-ssdp calls; the socket is bound already, and never says 'listening', which would make node-ssdp join groups. */
  bind(...options: unknown[]): void {
    const done = options.at(-1);
    if (typeof done === 'function') done();
  }

  /** What node-ssdp calls when it stops; its last words are still on their way. */
  close(): void {
    this.removeAllListeners();
  }

  send(bytes: Uint8Array, offset: number, length: number, port: number, host: string, done: () => void): void {
    const datagram = bytes.subarray(offset, offset + length);
    const { group, answers } = this.#fence;
    if (host === group && port === this.#fence.port) this.#transmit(datagram, port, host);
    else answers?.answer(datagram, { address: host, port }, () => this.#transmit(datagram, port, host));
    done();
  }

  /** Resolves when everything has been sent. */
  drained(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  #take(bytes: Buffer, from: RemoteInfo): void {
    const { kinds, drops } = this.#fence;
    if (this.#fence.isOurs(from)) return;
    const refused = this.#whyNot(bytes, from);
    if (refused !== undefined) return drops.count(refused);
    const kind = kindOfDatagram(bytes);
    if (kind === undefined || !kinds.has(kind)) return drops.count('malformed');
    if (kind === 'search') this.#search(bytes, from);
    else this.#hand(bytes, from);
  }

  #whyNot(bytes: Uint8Array, { address }: RemoteInfo) {
    if (!this.#fence.isOnLink(address)) return 'off-link';
    if (bytes.length > largestDatagram) return 'too-large';
    return this.#fence.admits(address) ? undefined : 'too-many';
  }

  #search(bytes: Buffer, from: RemoteInfo): void {
    const { answers, drops } = this.#fence;
    const wait = waitOfSearch(bytes);
    if (wait === undefined) return drops.count('malformed');
    answers?.during({ address: from.address, port: from.port, bytes: bytes.length, wait }, () => this.#hand(bytes, from));
  }

  /** Nothing that a stranger sends may end the program, whatever node-ssdp makes of it. */
  #hand(bytes: Buffer, from: RemoteInfo): void {
    try {
      this.emit('message', bytes, from);
    } catch (error) {
      this.#fence.drops.count('malformed');
      this.#fence.log.debug({ address: from.address, err: error }, 'a datagram of SSDP could not be read');
    }
  }

  #transmit(bytes: Uint8Array, port: number, address: string): void {
    this.#underWay += 1;
    this.#socket.send(bytes, port, address, (error) => {
      if (error) this.#fence.log.warn({ address, port, err: error }, 'a datagram of SSDP could not be sent');
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#drained?.();
    });
  }
}
