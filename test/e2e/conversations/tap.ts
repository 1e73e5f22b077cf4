import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { SeenRecord } from '../../house/conversations/tunnel.js';

interface Chunk {
  readonly from: SeenRecord['from'];
  readonly bytes: Buffer;
}

/** What went through a tap: both heads, and the TLS records behind them. */
export interface Tapped {
  readonly request: Buffer;
  readonly response: Buffer;
  readonly records: readonly SeenRecord[];
}

/** Stands between a device and the forward proxy, and sees what the proxy sees. */
export class Tap {
  readonly port: number;
  readonly #chunks: Chunk[] = [];
  readonly #close: () => void;

  private constructor(port: number, chunks: Chunk[], close: () => void) {
    this.port = port;
    this.#chunks = chunks;
    this.#close = close;
  }

  /** Listens on loopback and passes everything on to `port` there. */
  static async before(port: number): Promise<Tap> {
    const chunks: Chunk[] = [];
    const sockets: Socket[] = [];
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      sockets.push(near, far);
      for (const end of [near, far]) end.on('error', () => end.destroy());
      near.on('data', (bytes) => chunks.push({ from: 'device', bytes }));
      far.on('data', (bytes) => chunks.push({ from: 'server', bytes }));
      near.pipe(far).pipe(near);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Tap((server.address() as AddressInfo).port, chunks, () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
  }

  get seen(): Tapped {
    const [request, response] = (['device', 'server'] as const).map((from) => this.#headOf(from));
    return { request: request ?? Buffer.alloc(0), response: response ?? Buffer.alloc(0), records: this.#records() };
  }

  close(): void {
    this.#close();
  }

  #headOf(from: Chunk['from']): Buffer {
    const all = Buffer.concat(this.#chunks.filter((chunk) => chunk.from === from).map(({ bytes }) => bytes));
    return all.subarray(0, all.indexOf('\r\n\r\n') + 4);
  }

  /** In the order in which they were complete. */
  #records(): SeenRecord[] {
    const pending: Record<Chunk['from'], Buffer> = { device: Buffer.alloc(0), server: Buffer.alloc(0) };
    const skip = { device: this.#headOf('device').length, server: this.#headOf('server').length };
    const records: SeenRecord[] = [];
    for (const { from, bytes } of this.#chunks) {
      const rest = bytes.subarray(Math.min(skip[from], bytes.length));
      skip[from] -= bytes.length - rest.length;
      pending[from] = takeRecords(Buffer.concat([pending[from], rest]), (type, length) => records.push({ from, type, bytes: length }));
    }
    return records;
  }
}

const headBytes = 5;

/** @returns what is not a whole record yet. @see RFC 8446 § 5.1 */
function takeRecords(bytes: Buffer, take: (type: number, length: number) => void): Buffer {
  let rest = bytes;
  while (rest.length >= headBytes) {
    const length = headBytes + rest.readUInt16BE(3);
    if (rest.length < length) break;
    take(rest[0] ?? 0, length);
    rest = rest.subarray(length);
  }
  return rest;
}
