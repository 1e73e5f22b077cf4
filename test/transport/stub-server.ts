import { createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';

/** A server that answers in bytes of the test's own making. */
export interface StubServer {
  readonly url: string;
  /** Every connection accepted so far, in order. */
  readonly connections: Socket[];
  /** Every complete request received so far, in order. */
  readonly requests: string[];
}

const open: { server: Server; connections: Socket[] }[] = [];

afterEach(async () => {
  const closing = open.splice(0).map(({ server, connections }) => {
    for (const socket of connections) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  await Promise.all(closing);
});

/** Calls `answer` for each complete request, with its number from 1 and the connection it came on. */
export async function stubServer(answer: (socket: Socket, number: number) => void): Promise<StubServer> {
  const connections: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    readRequests(socket, (request) => answer(socket, requests.push(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ server, connections });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return { url: `http://127.0.0.1:${address.port}/dm`, connections, requests };
}

function readRequests(socket: Socket, onRequest: (request: string) => void): void {
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const head = received.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
    if (head < 4 || received.length < head + length) return;
    const request = received.slice(0, head + length);
    received = received.slice(head + length);
    onRequest(request);
  });
}

/** An answer of HTTP as bytes. */
export function answerOf(body: string, fields: readonly string[] = [], status = '200 OK'): string {
  return `${[`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...fields].join('\r\n')}\r\n\r\n${body}`;
}
