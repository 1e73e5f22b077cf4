import type { Socket } from 'node:net';
import type { Clock, Milliseconds, Timer } from '#src/base/index.js';
import { plainAddress } from './http-message.js';

/**
 * Where a connection stands: `waiting` for a request, `receiving` its body, `answering`, or `closing` after the last answer. Whatever
 * a peer sends while we answer or close is none of a request's.
 */
export type ConnectionState = 'waiting' | 'receiving' | 'answering' | 'closing';

export interface Connection {
  readonly address: string;
  state: ConnectionState;
  /** Whether an answer is still on its way out. */
  flushing: boolean;
  /** The first head has come in time. */
  headArrived(): void;
  destroy(): void;
}

export interface ConnectionTableOptions {
  readonly clock: Clock;
  /** From connecting, TLS handshake included, to the end of the first head. */
  readonly headerTimeout: Milliseconds;
  /** Connections that one address may have at once; absent: as many as all. */
  readonly perAddress?: number;
  /** Hears of each connection that an address has too many. */
  readonly onRefused?: () => void;
}

/** The open connections of an endpoint, known by their peer's address and port: under TLS the request comes on another socket. */
export class ConnectionTable {
  readonly #options: ConnectionTableOptions;
  readonly #open = new Map<string, Connection>();

  constructor(options: ConnectionTableOptions) {
    this.#options = options;
  }

  /** Takes a connection that was just accepted, or closes it when its address has its share. */
  admit(socket: Socket): void {
    const key = keyOf(socket);
    const address = plainAddress(socket.remoteAddress ?? '');
    if (address === '' || !this.#hasRoom(address)) {
      this.#options.onRefused?.();
      socket.destroy();
      return;
    }
    const timer = this.#options.clock.timer('http request head', this.#options.headerTimeout, () => socket.destroy());
    this.#open.set(key, openConnection(socket, address, timer));
    socket.once('close', () => {
      timer.cancel();
      this.#open.delete(key);
    });
  }

  get size(): number {
    return this.#open.size;
  }

  of(socket: Socket): Connection | undefined {
    return this.#open.get(keyOf(socket));
  }

  /** Closes those on which no request is under way. */
  destroyIdle(): void {
    for (const connection of this.#open.values()) if (connection.state === 'waiting' && !connection.flushing) connection.destroy();
  }

  destroyAll(): void {
    for (const connection of this.#open.values()) connection.destroy();
  }

  #hasRoom(address: string): boolean {
    const { perAddress } = this.#options;
    if (perAddress === undefined) return true;
    return [...this.#open.values()].filter((connection) => connection.address === address).length < perAddress;
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

function openConnection(socket: Socket, address: string, timer: Timer): Connection {
  return {
    address,
    state: 'waiting',
    flushing: false,
    headArrived: () => timer.cancel(),
    destroy: () => socket.destroy(),
  };
}
