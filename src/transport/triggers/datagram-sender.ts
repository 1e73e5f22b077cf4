import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Log } from '#src/base/index.js';

/** Sends datagrams from a free port of each family of addresses, opened with the first. */
export class DatagramSender {
  readonly #log: Log;
  readonly #sockets = new Map<'udp4' | 'udp6', Socket>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Whether it arrives nobody knows; what could not even be sent is logged. */
  send(address: string, port: number, bytes: Uint8Array): void {
    this.#socket(isIPv6(address) ? 'udp6' : 'udp4').send(bytes, port, address, (error) => {
      if (error !== null) this.#log.warn({ address, port, err: error }, 'a datagram could not be sent');
    });
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #socket(family: 'udp4' | 'udp6'): Socket {
    const known = this.#sockets.get(family);
    if (known !== undefined) return known;
    const socket = createSocket(family);
    socket.on('error', (error) => this.#log.warn({ err: error }, 'a datagram socket has failed'));
    socket.unref();
    this.#sockets.set(family, socket);
    return socket;
  }
}
