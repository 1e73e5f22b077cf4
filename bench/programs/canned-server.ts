import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { encodeNotification } from '#src/dm/notification/index.js';
import { serverDigest, serverId } from '../bench-passwords.js';
import { commands, credential, dmContentType, isChallenge, nonceIn, nothingMore, textOf } from '../canned-messages.js';

/**
 * A DM server that answers from a template: SessionID, references and nonces are filled in, nothing is checked or kept but the
 * nonces for its own credentials. POST /work or /idle says whether it has commands; POST /trigger?device=…&port=…&session=… sends a
 * trigger (Package#0) to a UDP port; GET /traffic tells what went over its connections and as datagrams, and how many sessions it was
 * opened that a trigger asked for. These are plain, on a port of their own. Given files with a key and a certificate, it speaks TLS.
 * It prints both ports, that of DM first, and ends with its standard input.
 */
const [key, certificate] = process.argv.slice(2);
const nonces = new Map<string, string>();
const closed = { received: 0, sent: 0 };
const open = new Set<Socket>();
const datagrams = createSocket('udp4').unref();
let work = true;
let asked = 0;

const answering = (answer: (request: IncomingMessage, body: string) => string): RequestListener => {
  return (request, response) => {
    void buffer(request).then((body) => {
      const said = answer(request, body.toString('utf8'));
      response.writeHead(200, { 'Content-Type': dmContentType, 'Content-Length': Buffer.byteLength(said) });
      response.end(said);
    });
  };
};
const dm = answering((_request, body) => reply(body));
const server =
  key === undefined || certificate === undefined
    ? createServer(dm)
    : createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, dm);
const door = createServer(answering(({ url = '' }) => attend(new URL(url, 'http://door.invalid'))));
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closed.received += socket.bytesRead;
    closed.sent += socket.bytesWritten;
  });
});
const ports = await Promise.all(
  [server, door].map(
    (each) => new Promise<number>((resolve) => each.listen(0, '127.0.0.1', () => resolve((each.address() as AddressInfo).port))),
  ),
);
process.stdout.write(`${ports.join(' ')}\n`);
process.stdin.once('end', () => process.exit()).resume();

function attend({ pathname, searchParams }: URL): string {
  if (pathname === '/traffic') return JSON.stringify({ ...traffic(), asked });
  if (pathname !== '/trigger') {
    work = pathname === '/work';
    return '';
  }
  const [device, port, sessionId] = ['device', 'port', 'session'].map((name) => searchParams.get(name) ?? '') as [string, string, string];
  const secret = { kind: 'digest', value: serverDigest } as const;
  const notification = { uiMode: 'not-specified', initiator: 'server', sessionId, serverId } as const;
  const trigger = encodeNotification(notification, secret, nonces.get(device) ?? '');
  datagrams.send(trigger, Number(port), '127.0.0.1');
  closed.sent += trigger.byteLength;
  return '';
}

function reply(received: string): string {
  const source = /<Source><LocURI>([^<]+)/.exec(received)?.[1] ?? '';
  const first = textOf(received, 'MsgID') === '1';
  if (first && received.includes('<Data>1200</Data>')) asked += 1;
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
