import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type Clock, type DmPollHandler, LimitedLog, type Log, type Milliseconds, systemClock } from '#src/base/index.js';
import type { DmHandler, DmRequest, DmResponse } from '#src/gateway/index.js';
import type { DoorCounts } from '../door-counts.js';
import { type Connection, ConnectionTable } from '../http/connection-table.js';
import {
  closeDoor,
  countRefusedConnection,
  countRefusedRequest,
  createDoor,
  hearDoor,
  lingerTime,
  listenAt,
  overloaded,
  parserStatus,
} from '../http/http-door.js';
import { encodeHead, type Fields } from '../http/http-message.js';
import { inspectHead, inspectPoll, pathOf, type Refusal } from '../http/request-head.js';
import type { LegRecorder } from '../recorder.js';
import { BodyRoom } from './body-room.js';
import { readBody } from './request-body.js';

export interface DmEndpointLimits {
  /** The largest body in bytes. */
  readonly bodyBytes: number;
  /** From connecting, TLS handshake included, to the end of the head; on a kept connection from its first byte. */
  readonly headerTimeout: Milliseconds;
  /** From the end of the head to the end of the body. */
  readonly bodyTimeout: Milliseconds;
  /** For the handler, and once more for the peer to take the answer. */
  readonly answerTimeout: Milliseconds;
  readonly maxConnections: number;
  /** Connections that one address may have at once. */
  readonly perAddress?: number;
  /** How long a connection is kept for the next message; 30 s unless set. */
  readonly idleTimeout?: Milliseconds;
}

export interface DmEndpointOptions {
  /** The address to listen on, such as `0.0.0.0`. */
  readonly listen: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain http. */
  readonly tls?: TlsOptions;
  /** Whether messages are taken on this path; 404 elsewhere. */
  readonly accepts: (path: string) => boolean;
  readonly handler: DmHandler;
  /** Whether a message on this path is read now; else 503, to come later. Absent: always. */
  readonly admits?: (path: string) => boolean;
  /** Long-polls, on paths of their own; absent: none. */
  readonly polls?: DmPolls;
  readonly limits: DmEndpointLimits;
  readonly log: Log;
  /** Absent: what is refused is not counted. */
  readonly counts?: DoorCounts;
  readonly recorder?: LegRecorder;
  readonly clock?: Clock;
}

/** Questions that wait for their answer. The handler bounds how many wait: they hold connections that messages need too. */
export interface DmPolls {
  readonly accepts: (path: string) => boolean;
  readonly handler: DmPollHandler;
  /** For the handler; longer than any poll waits. */
  readonly answerTimeout: Milliseconds;
}

export interface DmEndpoint {
  readonly port: number;
  /** How many are open now. */
  readonly connections: number;
  /** Stops listening, lets requests under way end for as long as `grace`, then destroys what is left. */
  close(grace: Milliseconds): Promise<void>;
}

/**
 * Listens for DM messages over HTTP or HTTPS. Each complete POST within the limits goes to the handler, and each poll to its own; everything else is answered
 * here and its connection closed, without a byte of it reaching the handler. A peer that talks on before it has its answer is cut off.
 * @throws PosternError `wire.listen` when the address cannot be had
 * @see OMA DM HTTP Binding 1.2
 */
export async function serveDm(options: DmEndpointOptions): Promise<DmEndpoint> {
  const endpoint = new Endpoint(options);
  const port = await endpoint.listen();
  return {
    port,
    get connections() {
      return endpoint.connections;
    },
    close: (grace) => endpoint.close(grace),
  };
}

/** One request on its connection, and where its answer goes. */
interface Exchange {
  readonly connection: Connection;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What messages and polls have in common. */
type About = Omit<DmRequest, 'contentType' | 'body'>;

/** What all bodies that come in may hold together, in bodies of the largest size. */
const largestBodies = 8;
const defaultIdle: Milliseconds = 30_000;

class Endpoint {
  readonly #options: DmEndpointOptions;
  readonly #clock: Clock;
  readonly #connections: ConnectionTable;
  readonly #server: Server;
  readonly #complaints: LimitedLog;
  readonly #room: BodyRoom;
  #draining = false;

  constructor(options: DmEndpointOptions) {
    const { perAddress, headerTimeout, bodyTimeout, idleTimeout = defaultIdle } = options.limits;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connections = new ConnectionTable({
      clock: this.#clock,
      headerTimeout,
      onRefused: () => countRefusedConnection(options.counts),
      ...(perAddress === undefined ? {} : { perAddress }),
    });
    this.#room = new BodyRoom(options.limits.bodyBytes * largestBodies);
    this.#complaints = new LimitedLog({ log: options.log, clock: this.#clock });
    this.#server = createDoor(options.tls, {
      headersTimeout: headerTimeout,
      requestTimeout: headerTimeout + bodyTimeout,
      keepAliveTimeout: idleTimeout,
    });
    this.#wire();
  }

  listen(): Promise<number> {
    return listenAt(this.#server, this.#options.listen, this.#options.port);
  }

  get connections(): number {
    return this.#connections.size;
  }

  close(grace: Milliseconds): Promise<void> {
    this.#draining = true;
    return closeDoor(this.#server, this.#connections, this.#clock, 'http endpoint grace', grace);
  }

  #wire(): void {
    hearDoor(this.#server, {
      maxConnections: this.#options.limits.maxConnections,
      connections: this.#connections,
      receive: (request, response) => this.#receive(request, response),
      dropped: () => countRefusedConnection(this.#options.counts),
      parserRefused: (error, socket) => this.#parserRefused(error, socket),
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#connections.of(request.socket);
    if (connection?.state === 'closing') return;
    if (connection?.state !== 'waiting') {
      request.socket.destroy();
      return;
    }
    connection.headArrived();
    const refusal = this.#inspect(request);
    if (refusal !== undefined) {
      this.#refuse(connection, request.socket, refusal);
      return;
    }
    const polls = this.#pollsAt(pathOf(request.url ?? ''));
    const exchange = { connection, request, response };
    const answered = polls === undefined ? this.#exchange(exchange) : this.#wait(polls, exchange);
    answered.catch((error) => {
      this.#options.log.error({ err: error }, 'a message could not be answered');
      request.socket.destroy();
    });
  }

  #inspect(request: IncomingMessage): Refusal | undefined {
    const head = {
      method: request.method ?? '',
      target: request.url ?? '',
      version: request.httpVersion,
      fields: request.rawHeaders,
    };
    const path = pathOf(head.target);
    if (this.#pollsAt(path) !== undefined) return inspectPoll(head);
    const refusal = inspectHead(head, this.#options.limits.bodyBytes);
    if (refusal !== undefined) return refusal;
    if (!this.#options.accepts(path)) return { status: 404, why: 'unknown path' };
    return this.#options.admits?.(path) === false ? overloaded : undefined;
  }

  #pollsAt(path: string): DmPolls | undefined {
    const { polls, accepts } = this.#options;
    return polls?.accepts(path) && !accepts(path) ? polls : undefined;
  }

  /** Polls are not recorded: each shows its password, and says nothing else. */
  async #wait({ handler, answerTimeout }: DmPolls, exchange: Exchange): Promise<void> {
    const { connection, request, response } = exchange;
    connection.state = 'answering';
    const { authorization } = request.headers;
    const poll = Object.assign(this.#about(exchange), { authorization });
    const answer = await this.#answer(poll, () => handler(poll), answerTimeout);
    if (!response.destroyed && !request.socket.destroyed) this.#send(connection, response, answer);
  }

  async #exchange(exchange: Exchange): Promise<void> {
    const { connection, request, response } = exchange;
    const { bodyBytes, bodyTimeout, answerTimeout } = this.#options.limits;
    connection.state = 'receiving';
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, { bytes: bodyBytes, timeout: bodyTimeout, room: this.#room, clock: this.#clock });
    if (body === undefined || isClosing(connection) || request.socket.destroyed) return; // gone, or the parser has refused the rest
    if (!(body instanceof Uint8Array)) {
      this.#refuse(connection, request.socket, body);
      return;
    }
    connection.state = 'answering';
    this.#options.recorder?.record('request', { startLine: startLineOf(request), fields: request.rawHeaders, body });
    const message = Object.assign(this.#about(exchange), { contentType: request.headers['content-type'], body });
    const answer = await this.#answer(message, () => this.#options.handler(message), answerTimeout);
    if (!response.destroyed && !request.socket.destroyed) this.#send(connection, response, answer);
  }

  /** The handler's answer, or 503 when it takes too long, or 500 when it throws. */
  #answer(about: About, handle: () => Promise<DmResponse>, timeout: Milliseconds): Promise<DmResponse> {
    return this.#beforeTimeout(this.#handle(about, handle), about, timeout);
  }

  #about({ connection, request, response }: Exchange): About {
    let signal: AbortSignal | undefined;
    return {
      path: pathOf(request.url ?? ''),
      remoteAddress: connection.address,
      encrypted: this.#options.tls !== undefined,
      // Made for those who look at it: few do, and it costs as much as all of the rest.
      get signal() {
        signal ??= signalOfClose(response);
        return signal;
      },
    };
  }

  async #handle(about: About, handle: () => Promise<DmResponse>): Promise<DmResponse> {
    try {
      return await handle();
    } catch (error) {
      this.#options.log.error({ err: error, path: about.path }, 'the handler of a message failed');
      return { status: 500, close: true };
    }
  }

  #beforeTimeout(answer: Promise<DmResponse>, { path }: About, timeout: Milliseconds): Promise<DmResponse> {
    return new Promise((resolve) => {
      const timer = this.#clock.timer('http answer', timeout, () => {
        this.#options.log.warn({ path }, 'a message was not answered in time');
        resolve({ status: 503, close: true }); // the close aborts the handler's signal
      });
      void answer.then((value) => {
        timer.cancel();
        resolve(value);
      });
    });
  }

  #send(connection: Connection, response: ServerResponse, answer: DmResponse): void {
    const keep = response.shouldKeepAlive && answer.close !== true && !this.#draining;
    const body = answer.body ?? new Uint8Array();
    const fields = this.#fieldsOf(answer, body.byteLength, keep);
    const slowReader = this.#clock.timer('http answer flush', this.#options.limits.answerTimeout, () => connection.destroy());
    response.once('close', () => {
      slowReader.cancel();
      connection.flushing = false;
      if (keep && this.#draining) connection.destroy();
    });
    connection.flushing = true;
    response.sendDate = false;
    response.writeHead(answer.status, reasonOf(answer.status), [...fields]);
    this.#options.recorder?.record('response', { startLine: statusLine(answer.status), fields, body });
    // Before the bytes leave: the peer's next message may be here as soon as they are.
    connection.state = keep ? 'waiting' : 'closing';
    response.end(body);
  }

  #fieldsOf(answer: DmResponse, length: number, keep: boolean): Fields {
    const fields = ['Date', new Date(this.#clock.now()).toUTCString(), 'Cache-Control', 'no-store'];
    if (answer.contentType !== undefined) fields.push('Content-Type', answer.contentType);
    for (const [name, value] of Object.entries(answer.headers ?? {})) fields.push(name, value);
    fields.push('Content-Length', String(length), 'Connection', keep ? 'keep-alive' : 'close');
    return fields;
  }

  #parserRefused(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#connections.of(socket);
    const status = parserStatus(error.code ?? '');
    if (connection === undefined || status === undefined || !socket.writable || !takesRefusal(connection)) socket.destroy();
    else this.#refuse(connection, socket, { status, why: error.code ?? error.message });
  }

  #complain(address: string, { status, why }: Refusal): void {
    countRefusedRequest(this.#options.counts, status);
    this.#complaints.warn({ reason: why, source: address }, { address, status, why }, 'a request is refused');
  }

  /** Answers past the parser, reads nothing more, and closes once the peer has had time to read why. */
  #refuse(connection: Connection, socket: Socket, refusal: Refusal): void {
    this.#complain(connection.address, refusal);
    connection.state = 'closing';
    connection.headArrived();
    socket.pause();
    const fields = [...(refusal.fields ?? []), ...this.#fieldsOf({ status: refusal.status }, 0, false)];
    socket.end(encodeHead(statusLine(refusal.status), fields));
    const linger = this.#clock.timer('http refusal linger', lingerTime, () => connection.destroy());
    socket.once('close', () => linger.cancel());
  }
}

function signalOfClose(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

function isClosing(connection: Connection): boolean {
  return connection.state === 'closing';
}

/** While we answer, the peer would take a refusal for the answer. */
function takesRefusal(connection: Connection): boolean {
  return connection.state === 'waiting' || connection.state === 'receiving';
}

function reasonOf(status: number): string {
  return STATUS_CODES[status] ?? 'Unknown';
}

function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${reasonOf(status)}`;
}

function startLineOf(request: IncomingMessage): string {
  return `${request.method} ${request.url} HTTP/${request.httpVersion}`;
}
