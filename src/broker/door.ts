import type { Socket } from 'node:net';
import type { Clock, Milliseconds, Timer } from '#src/base/index.js';
import { Tally } from './tally.js';

export interface DoorOptions {
  readonly connections: number;
  readonly perAddress: number;
  readonly connectTimeout: Milliseconds;
  /** Whether there is too much to do for a further one. */
  readonly isOverloaded?: () => boolean;
  /** Hears of each connection that is closed before it is known. */
  readonly onRefused?: (reason: DoorReason) => void;
  readonly clock: Clock;
}

/** Why: too many of all or of one address, or opened in a minute (`turnover`), overload; or nobody said in time who it is. */
export type DoorReason = 'connections' | 'address' | 'turnover' | 'overload' | 'not-known-in-time';

/** A TCP connection from its first moment. */
export interface Visitor {
  readonly address: string;
  readonly socket: Socket;
  readonly timer: Timer;
}

const minute = 60_000;
/** Connections that one address may open in a minute, as a multiple of what it may have at once. */
const turnover = 30;

/** Lets connections in before a byte of them is read: so many in all and of one address, and each has to be known in time. */
export class Door {
  readonly #options: DoorOptions;
  readonly #visitors = new Map<string, Visitor>();
  readonly #arrivals: Tally;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#arrivals = new Tally({ most: options.perAddress * turnover, every: minute, clock: options.clock });
  }

  get open(): number {
    return this.#visitors.size;
  }

  /** Takes a connection that was just accepted, or closes it. */
  admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const reason = this.#refusal(address);
    if (reason !== undefined) return this.#refuse(socket, reason);
    const { clock, connectTimeout } = this.#options;
    const key = keyOf(socket);
    const timer = clock.timer('mqtt connect', connectTimeout, () => this.#refuse(socket, 'not-known-in-time'));
    this.#visitors.set(key, { address, socket, timer });
    socket.once('close', () => {
      timer.cancel();
      this.#visitors.delete(key);
    });
  }

  /** Under TLS the conversation is on another socket than the one that was admitted. */
  of(socket: Socket): Visitor | undefined {
    return this.#visitors.get(keyOf(socket));
  }

  destroyAll(): void {
    for (const { socket } of this.#visitors.values()) socket.destroy();
  }

  #refuse(socket: Socket, reason: DoorReason): void {
    this.#options.onRefused?.(reason);
    socket.destroy();
  }

  #refusal(address: string): DoorReason | undefined {
    const { connections, perAddress, isOverloaded } = this.#options;
    if (address === '' || this.#visitors.size >= connections) return 'connections';
    this.#arrivals.add(address);
    if (this.#arrivals.isOver(address)) return 'turnover';
    if (this.#count(address) >= perAddress) return 'address';
    return isOverloaded?.() ? 'overload' : undefined;
  }

  #count(address: string): number {
    let count = 0;
    for (const visitor of this.#visitors.values()) if (visitor.address === address) count += 1;
    return count;
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
