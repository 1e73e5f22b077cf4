import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What may be done to the bytes that pass, in either direction. */
export type Meddle = (bytes: Buffer, towards: 'target' | 'client') => Buffer;

/**
 * Stands between clients and a listener as a translating router does: connections are opened from one side only, and the
 * other sees them all come from here. It sees every byte that passes, as whoever owns such a router does.
 */
export class AddressTranslator {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #passed: Buffer[] = [];
  /** Connections that it has carried. */
  connections = 0;
  meddle: Meddle = (bytes) => bytes;

  private constructor(readonly target: number) {
    this.#server = createServer((client) => this.#carry(client));
  }

  /** @param target a port of this machine; absent: a free one, for a listener that is yet to come */
  static async open(target?: number): Promise<AddressTranslator> {
    const translator = new AddressTranslator(target ?? (await freePort()));
    await listen(translator.#server);
    return translator;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Everything that has passed, one byte for each character. */
  get seen(): string {
    return Buffer.concat(this.#passed).toString('latin1');
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #carry(client: Socket): void {
    this.connections += 1;
    const target = connect(this.target, '127.0.0.1');
    this.#pass(client, target, 'target');
    this.#pass(target, client, 'client');
  }

  #pass(from: Socket, to: Socket, towards: 'target' | 'client'): void {
    this.#open.add(from);
    from.on('data', (bytes: Buffer) => {
      this.#passed.push(bytes);
      to.write(this.meddle(bytes, towards));
    });
    // When one side is gone, by whatever end, the other is closed.
    from.on('error', () => {});
    from.on('close', () => {
      this.#open.delete(from);
      to.destroy();
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server);
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
