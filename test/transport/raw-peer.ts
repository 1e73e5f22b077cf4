import { connect, type Socket } from 'node:net';

/** A peer that writes bytes as it likes and keeps what comes back. */
export interface RawPeer {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Resolves with everything received so far as soon as it contains `text`. */
  until(text: string): Promise<string>;
  /** Resolves with everything received once the connection is closed. */
  readonly closed: Promise<string>;
}

/** To a port of 127.0.0.1, or over a socket of another kind. */
export function connectRaw(where: number | Socket): RawPeer {
  const socket = typeof where === 'number' ? connect(where, '127.0.0.1') : where;
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  return {
    socket,
    write: (bytes) => socket.write(bytes),
    until: (text) => arrival(socket, text, () => received),
    closed,
  };
}

function arrival(socket: Socket, text: string, received: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!received().includes(text)) return;
      socket.off('data', look);
      resolve(received());
    };
    socket.on('data', look);
    socket.once('close', () => reject(new Error(`closed before ${JSON.stringify(text)} came: ${received()}`)));
    look();
  });
}

/** A POST of a DM message as bytes. */
export function postOf(body: string, fields: readonly string[] = [], path = '/dm'): string {
  const head = [`POST ${path} HTTP/1.1`, 'Host: gateway.example', `Content-Length: ${Buffer.byteLength(body)}`, ...fields];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** How often each status stands in the received bytes, in order. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
