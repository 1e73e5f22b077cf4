import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type Clock, type Milliseconds, overloadedRetryAfter, PosternError } from '#src/base/index.js';
import { beginWithFirstRecord } from '#src/security/index.js';
import type { DoorCounts } from '../door-counts.js';
import type { ConnectionTable } from './connection-table.js';
import type { Refusal } from './request-head.js';

/** How long a refused peer has to read why, before its unread bytes turn the close into a reset. */
export const lingerTime: Milliseconds = 1_000;

const maxHeaderBytes = 8 * 1024;
const checkEvery: Milliseconds = 1_000;

/** A server that leaves the judgement of a head to who listens. @param times what differs from door to door */
export function createDoor(tls: TlsOptions | undefined, times: ServerOptions): Server {
  const http: ServerOptions = {
    maxHeaderSize: maxHeaderBytes,
    insecureHTTPParser: false,
    // The head is checked in one place for both versions of HTTP, and with more than this asks.
    requireHostHeader: false,
    connectionsCheckingInterval: checkEvery,
    noDelay: true,
    ...times,
  };
  if (tls === undefined) return createHttpServer(http);
  const server = createHttpsServer({ ...tls, ...http });
  beginWithFirstRecord(server);
  return server;
}

export interface DoorEvents {
  readonly maxConnections: number;
  readonly connections: ConnectionTable;
  readonly receive: RequestListener;
  /** A connection over `maxConnections` was closed. */
  readonly dropped: () => void;
  readonly parserRefused: (error: NodeJS.ErrnoException, socket: Socket) => void;
}

/** Hears everything that can come in at a door, whatever it expects. */
export function hearDoor(server: Server, { maxConnections, connections, receive, dropped, parserRefused }: DoorEvents): void {
  server.maxConnections = maxConnections;
  server.maxHeadersCount = 0; // the parser would drop the surplus silently; the head's bytes bound it, and it is counted
  // `close` calls this; node's own takes a connection for idle while an answer is still on its way to a slow reader.
  server.closeIdleConnections = () => connections.destroyIdle();
  server.on('connection', (socket: Socket) => connections.admit(socket));
  server.on('drop', dropped);
  server.on('request', receive);
  server.on('checkContinue', receive);
  server.on('checkExpectation', receive);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => parserRefused(error, socket as Socket));
}

/** @throws PosternError `wire.listen` when the address cannot be had */
export function listenAt(server: Server, listen: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new PosternError('wire.listen', { address: `${listen}:${port}`, why: error.message }, { cause: error })),
    );
    server.listen(port, listen, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Stops listening, and destroys what has not ended by itself within `grace`. @param timer what the timer is called */
export function closeDoor(server: Server, connections: ConnectionTable, clock: Clock, timer: string, grace: Milliseconds): Promise<void> {
  return new Promise((resolve) => {
    const running = clock.timer(timer, grace, () => connections.destroyAll());
    server.close(() => {
      running.cancel();
      resolve();
    });
  });
}

/** The answer to new work while there is too much. */
export const overloaded: Refusal = { status: 503, why: 'overload', fields: ['Retry-After', overloadedRetryAfter] };

/** Counts a connection that a door has turned away. */
export function countRefusedConnection(counts: DoorCounts | undefined): void {
  counts?.counters.add('postern_connections_refused_total', { door: counts.door });
}

/** Counts a request that a door has answered by itself. */
export function countRefusedRequest(counts: DoorCounts | undefined, status: number): void {
  counts?.counters.add('postern_requests_refused_total', { door: counts.door, status: String(status) });
}

/** The status for what the parser refused; none where nobody would understand it, such as a failed TLS handshake. */
export function parserStatus(code: string): number | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code.startsWith('HPE_') ? 400 : undefined;
}
