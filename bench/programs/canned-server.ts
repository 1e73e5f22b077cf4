import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { serverDigest, serverId } from '../bench-passwords.js';
import { commands, credential, dmContentType, isChallenge, nonceIn, nothingMore, textOf } from '../canned-messages.js';

/**
 * A DM server that answers from a template: SessionID, references and nonces are filled in, nothing is checked or kept but the
 * nonces for its own credentials. POST /work or /idle says whether it has commands; GET /traffic what went over its connections.
 * It prints its port, and ends with its standard input.
 */
const nonces = new Map<string, string>();
const closed = { received: 0, sent: 0 };
const open = new Set<Socket>();
let work = true;

const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    const said = answer(request, body);
    response.writeHead(200, { 'Content-Type': dmContentType, 'Content-Length': Buffer.byteLength(said) });
    response.end(said);
  });
});
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closed.received += socket.bytesRead;
    closed.sent += socket.bytesWritten;
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.once('end', () => process.exit()).resume();

function answer({ method, url }: IncomingMessage, body: Buffer): string {
  if (method === 'GET') return JSON.stringify(traffic());
  if (url !== '/dm') {
    work = url === '/work';
    return '';
  }
  return reply(body.toString('utf8'));
}

function reply(received: string): string {
  const source = /<Source><LocURI>([^<]+)/.exec(received)?.[1] ?? '';
  const first = textOf(received, 'MsgID') === '1';
  const nonce = nonceIn(received);
  if (nonce !== undefined) nonces.set(source, nonce);
  const header = {
    session: textOf(received, 'SessionID') ?? '1',
    message: Number(textOf(received, 'MsgID')),
    target: source,
    source: /<Target><LocURI>([^<]+)/.exec(received)?.[1] ?? '',
    ...credential(serverDigest, nonces.get(source)),
  };
  return first || isChallenge(received)
    ? commands(header, received, fresh(), work)
    : nothingMore({ ...header, source: header.source || serverId }, received);
}

function fresh(): string {
  return randomBytes(16).toString('base64');
}

/** Bytes of payload over all connections so far, both ways. */
function traffic(): { received: number; sent: number } {
  let { received, sent } = closed;
  for (const socket of open) {
    received += socket.bytesRead;
    sent += socket.bytesWritten;
  }
  return { received, sent };
}
