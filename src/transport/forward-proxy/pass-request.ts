import type { Socket } from 'node:net';
import { endToEnd, via } from '../http/hop-by-hop.js';
import { hasField, headText } from '../http/http-message.js';
import type { Exchange } from './exchange.js';
import type { ProxyTarget } from './proxy-target.js';

/**
 * Sends a request on, rebuilt from what was parsed, its body as it comes. One that is cut short never looks whole: its connections go
 * with it.
 */
export function passRequest(exchange: Exchange, socket: Socket, moved: () => void): void {
  const { request, response } = exchange;
  const chunked = hasField(request.rawHeaders, 'transfer-encoding');
  if (hasField(request.rawHeaders, 'expect')) response.writeContinue();
  // Most messages are here as a whole, and leave in one piece; their bytes are not copied, which would be garbage of the same size.
  socket.cork();
  socket.write(headOf(exchange, chunked), 'latin1');
  const first: Buffer | null = request.read();
  if (first !== null) writePart(socket, first, chunked);
  if (!request.complete) streamRest();
  else if (chunked) socket.write(lastChunk, 'latin1');
  socket.uncork();

  function streamRest(): void {
    request.on('data', (chunk: Buffer) => {
      moved();
      if (writePart(socket, chunk, chunked)) return;
      request.pause();
      socket.once('drain', () => request.resume());
    });
    if (chunked) request.once('end', () => socket.write(lastChunk, 'latin1'));
  }
}

const lastChunk = '0\r\n\r\n';

/** @returns false when the socket wants nothing more for now */
function writePart(socket: Socket, bytes: Buffer, chunked: boolean): boolean {
  if (!chunked) return socket.write(bytes);
  socket.cork();
  socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
  socket.write(bytes);
  const wantsMore = socket.write('\r\n', 'latin1');
  socket.uncork();
  return wantsMore;
}

/** One Host, one length, and nothing that is between neighbours. */
function headOf({ request, target, mayGoOn }: Exchange, chunked: boolean): string {
  const { method, rawHeaders } = request;
  return headText(`${method} ${target.path ?? '/'} HTTP/1.1`, [
    ...['Host', hostOf(target)],
    ...endToEnd(rawHeaders, 'host'),
    ...(chunked ? ['Transfer-Encoding', 'chunked'] : []),
    ...['Via', via],
    ...(mayGoOn() ? [] : ['Connection', 'close']),
  ]);
}

function hostOf({ host, port }: ProxyTarget): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
