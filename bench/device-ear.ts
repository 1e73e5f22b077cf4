import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeNotification, defaultNotificationLimits } from '#src/dm/notification/index.js';

const patience = 20_000;

/** Where a device of the benchmarks hears of triggers: a UDP port of this machine. */
export class DeviceEar {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(): Promise<DeviceEar> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DeviceEar(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The session id of the next trigger. @throws Error when none comes within 20 s */
  async next(): Promise<string> {
    const [datagram] = (await once(this.#socket, 'message', { signal: AbortSignal.timeout(patience) })) as [Buffer];
    return decodeNotification(datagram, defaultNotificationLimits).sessionId;
  }

  close(): void {
    this.#socket.close();
  }
}
