import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';
import { endToEnd, via } from './hop-by-hop.js';
import { hasField, headText } from './http-message.js';
import type { ProxyTarget } from './proxy-target.js';

/**
 * Sends a request on, rebuilt from what was parsed, its body as it comes. One that is cut short never looks whole: its connections go
 * with it.
 */
export function passRequest(exchange: Exchange, socket: Socket, moved: () => void): void {
  const { request, response } = exchange;
  const chunked = hasField(request.rawHeaders, 'transfer-encoding');
  if (hasField(request.rawHeaders, 'expect')) response.writeContinue();
  const head = headOf(exchange, chunked);
  // Most messages are here as a whole, and leave in one piece.
  const first: Buffer | null = request.read();
  const body = first === null ? '' : framed(first, chunked);
  const end = chunked ? '0\r\n\r\n' : '';
  if (request.complete) socket.write(head + body + end, 'latin1');
  else {
    socket.write(head + body, 'latin1');
    streamRest();
  }

  function streamRest(): void {
    request.on('data', (chunk: Buffer) => {
      moved();
      if (socket.write(chunked ? framed(chunk, chunked) : chunk, 'latin1')) return;
      request.pause();
      socket.once('drain', () => request.resume());
    });
    request.once('end', () => socket.write(end, 'latin1'));
  }
}

function framed(bytes: Buffer, chunked: boolean): string {
  const text = bytes.toString('latin1');
  return chunked ? `${bytes.length.toString(16)}\r\n${text}\r\n` : text;
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
