import type { Socket } from 'node:net';

/** A response's status and body; bodies are told by Content-Length. */
export interface PlainResponse {
  readonly status: number;
  readonly body: string;
}

/** A client's connection with as little of its own as there can be, so that what is measured is the other end. */
export class PlainConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (response: PlainResponse) => void; reject: (error: Error) => void } | undefined;

  /** @param socket one that nobody else reads; it may still be connecting */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the connection was closed before the answer')));
  }

  /** Sends a request and waits for its answer. @throws Error when the connection ends first */
  exchange(head: string, body: string): Promise<PlainResponse> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(head + body);
    });
  }

  /** Leaves the socket to somebody else. */
  release(): void {
    for (const event of ['data', 'error', 'close']) this.#socket.removeAllListeners(event);
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const body = this.#received.toString('utf8', end + 4, end + 4 + length);
    this.#received = this.#received.subarray(end + 4 + length);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}
