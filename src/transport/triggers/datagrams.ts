import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Clock, type Log, type Milliseconds, PosternError, SourceLimit, systemClock } from '#src/base/index.js';

export interface DatagramLimits {
  /** The largest datagram in bytes; a larger one is dropped unread. */
  readonly bytes: number;
  /** Datagrams of one address in `every`; more are dropped unread. */
  readonly perSource: number;
  readonly every: Milliseconds;
  /** Handed over and not done with yet; more are dropped unread. */
  readonly atOnce: number;
}

export interface DatagramOptions {
  readonly listen: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits: DatagramLimits;
  /** What becomes of it is nobody's business on the other end. `address`: where it says that it comes from. */
  readonly handle: (bytes: Uint8Array, address: string) => Promise<unknown>;
  /** Hears of each that is dropped, by the limit that it met. */
  readonly onDropped?: (limit: keyof DatagramLimits) => void;
  readonly log: Log;
  readonly clock?: Clock;
}

export interface DatagramListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for datagrams and never sends one: whoever writes a false source address reaches nobody through us.
 * @throws PosternError `wire.listen`
 */
export async function listenForDatagrams(options: DatagramOptions): Promise<DatagramListener> {
  const { listen, port, log } = options;
  const socket = createSocket({ type: isIPv6(listen) ? 'udp6' : 'udp4' });
  await bind(socket, listen, port);
  socket.on('error', (error) => log.warn({ err: error }, 'a datagram socket has failed'));
  const intake = new Intake(options);
  socket.on('message', (bytes, from) => intake.take(bytes, from));
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

function bind(socket: Socket, listen: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new PosternError('wire.listen', { address: `${listen}:${port} (UDP)`, why: error.message }, { cause: error }));
    socket.once('error', fail);
    socket.bind({ address: listen, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}

class Intake {
  readonly #options: DatagramOptions;
  readonly #sources: SourceLimit;
  #running = 0;

  constructor(options: DatagramOptions) {
    const { perSource, every } = options.limits;
    this.#options = options;
    this.#sources = new SourceLimit({ most: perSource, every, clock: options.clock ?? systemClock });
  }

  take(bytes: Uint8Array, { address }: RemoteInfo): void {
    const { handle, log, onDropped } = this.#options;
    const limit = this.#limitMet(bytes, address);
    if (limit !== undefined) return onDropped?.(limit);
    this.#running += 1;
    handle(bytes, address)
      .catch((error: unknown) => log.error({ err: error }, 'a datagram could not be taken'))
      .finally(() => {
        this.#running -= 1;
      });
  }

  #limitMet(bytes: Uint8Array, address: string): keyof DatagramLimits | undefined {
    const { limits } = this.#options;
    if (bytes.length > limits.bytes) return 'bytes';
    if (this.#running >= limits.atOnce) return 'atOnce';
    return this.#sources.admits(address) ? undefined : 'perSource';
  }
}
