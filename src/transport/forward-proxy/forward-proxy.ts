import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import {
  type Clock,
  type Complaint,
  countMet,
  LimitedLog,
  type Log,
  type Milliseconds,
  type Overload,
  retryAfter,
  systemClock,
} from '#src/base/index.js';
import type { Gatekeeper } from '#src/gateway/index.js';
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
import { encodeHead, type Fields, valuesOf } from '../http/http-message.js';
import type { Refusal } from '../http/request-head.js';
import { ProxyLine } from './proxy-line.js';
import { type ProxyTarget, readProxyTarget } from './proxy-target.js';
import type { ServerConnection } from './server-connection.js';
import { joinEnds } from './tunnel.js';
import { type Resolve, systemResolve, WayOut } from './way-out.js';

export interface ForwardProxyLimits {
  readonly maxConnections: number;
  /** Connections with a tunnel or messages that one device may have open at once. */
  readonly perDevice: number;
  /** From connecting, TLS handshake included, to the end of the head. */
  readonly headerTimeout: Milliseconds;
  /** To resolve a name and connect. */
  readonly connectTimeout: Milliseconds;
  /** How long a connection, once let in, may stay without a byte in either direction. */
  readonly idleTimeout: Milliseconds;
}

export interface ForwardProxyOptions {
  readonly listen: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain http. */
  readonly tls?: TlsOptions;
  readonly gatekeeper: Gatekeeper;
  readonly limits: ForwardProxyLimits;
  readonly log: Log;
  /** Absent: what is refused is not counted. */
  readonly counts?: DoorCounts;
  /** Absent: whoever may is let through, however much there is to do. */
  readonly overload?: Overload;
  readonly clock?: Clock;
  /** The system's resolver unless given. */
  readonly resolve?: Resolve;
}

export interface ForwardProxy {
  readonly port: number;
  /** How many are open now. */
  readonly connections: number;
  /** Stops listening, lets what is open end for as long as `grace`, then destroys it. */
  close(grace: Milliseconds): Promise<void>;
}

/**
 * Listens for devices that have a session of their own with a server outside: http in absolute form, https by CONNECT. Each
 * connection carries one message at a time or one tunnel, is one device's, and has a connection of its own to the server, so no byte of one
 * device can reach another. Bodies and tunnels are streamed and never looked at.
 * @throws PosternError `wire.listen` when the address cannot be had
 * @see RFC 9110 § 3.7, § 9.3.6
 */
export async function serveForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const proxy = new ProxyListener(options);
  const port = await proxy.listen();
  return {
    port,
    get connections() {
      return proxy.connections;
    },
    close: (grace) => proxy.close(grace),
  };
}

/** A request that was let in: on whose line, where it leads, and what ends with it. */
interface Passage {
  readonly line: ProxyLine;
  readonly target: ProxyTarget;
  readonly connection: Connection;
  readonly client: Socket;
  /** It was judged with an earlier message on its line. */
  readonly known: boolean;
}

/** Takes a passage to its end; what is returned is why there is none. */
type Pass = (passage: Passage) => Promise<ProxyRefusal | undefined>;

interface ProxyRefusal extends Refusal {
  /** What the log says of it, where more is known than what was wrong with its head. */
  readonly told?: {
    readonly complaint: Complaint;
    readonly about: { readonly device: string; readonly target: string };
    readonly message: string;
  };
}

class ProxyListener {
  readonly #options: ForwardProxyOptions;
  readonly #clock: Clock;
  readonly #connections: ConnectionTable;
  readonly #server: Server;
  readonly #complaints: LimitedLog;
  /** How many lines each device has open. */
  readonly #open = new Map<string, number>();
  readonly #lines = new WeakMap<Socket, ProxyLine>();
  #draining = false;

  constructor(options: ForwardProxyOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connections = new ConnectionTable({ clock: this.#clock, headerTimeout: options.limits.headerTimeout });
    this.#complaints = new LimitedLog({ log: options.log, clock: this.#clock });
    this.#server = createDoor(options.tls, {
      headersTimeout: options.limits.headerTimeout,
      requestTimeout: 0, // bodies are streamed for as long as they move
      keepAliveTimeout: 0, // its line's idle time is its limit
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
    return closeDoor(this.#server, this.#connections, this.#clock, 'forward proxy grace', grace);
  }

  #wire(): void {
    hearDoor(this.#server, {
      maxConnections: this.#options.limits.maxConnections,
      connections: this.#connections,
      receive: (request, response) => this.#receive(request, response),
      dropped: () => countRefusedConnection(this.#options.counts),
      parserRefused: (error, socket) => this.#parserRefused(error, socket),
    });
    this.#server.on('connect', (request, socket, head) => this.#receiveTunnel(request, socket as Socket, head));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    this.#begin(request, request.socket, async (passage) => {
      const server = await this.#serverOf(passage);
      if ('status' in server) return server;
      return passage.client.destroyed ? gone : server.pass(passage.line.exchange(request, response, passage.target));
    });
  }

  #receiveTunnel(request: IncomingMessage, socket: Socket, early: Uint8Array): void {
    socket.on('error', () => socket.destroy());
    socket.pause();
    this.#begin(request, socket, async (passage) => {
      const upstream = await this.#wayOut(passage);
      if ('status' in upstream) return upstream;
      passage.connection.state = 'answering';
      passage.line.tunnel(upstream);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n', 'latin1');
      joinEnds({ client: socket, upstream, early, moved: passage.line.moved });
      return undefined;
    });
  }

  /** From a head to a passage, or to a refusal. */
  #begin(request: IncomingMessage, socket: Socket, pass: Pass): void {
    const connection = this.#connections.of(socket);
    // One message at a time: what comes before its answer is none of it.
    if (connection?.state !== 'waiting') {
      if (connection?.state !== 'closing') socket.destroy();
      return;
    }
    connection.state = 'receiving';
    connection.headArrived();
    // At once, so that nothing that follows a refused head is looked at.
    const passage = this.#admit(request, socket, connection);
    if ('status' in passage) this.#refuse(connection, socket, passage);
    else void this.#follow(passage, pass);
  }

  #admit(request: IncomingMessage, client: Socket, connection: Connection): Passage | ProxyRefusal {
    const target = readProxyTarget(headOf(request));
    if ('status' in target) return target;
    const shown = valuesOf(request.rawHeaders, 'proxy-authorization');
    if (shown.length > 1) return { status: 400, why: 'repeated Proxy-Authorization' };
    const line = this.#lines.get(client);
    if (line?.isJudged(shown[0], target)) return { line, target, connection, client, known: true };
    const judged = this.#judge(shown[0], target, connection, client);
    return 'status' in judged ? judged : { line: judged, target, connection, client, known: false };
  }

  #judge(authorization: string | undefined, target: ProxyTarget, connection: Connection, client: Socket): ProxyLine | ProxyRefusal {
    const { gatekeeper } = this.#options;
    const device = this.#identify(authorization, connection.address);
    if (typeof device !== 'string') return device;
    const line = this.#lines.get(client);
    if (line !== undefined && line.device !== device) return { status: 400, why: 'another device on the same connection' };
    if (!gatekeeper.permits(device, target)) {
      const told = tellingOf(
        'target',
        { device, target },
        'a device may not go there: neither its accounts nor transparent.allow lead to it',
      );
      return { status: 403, why: 'target is not allowed', told };
    }
    const own = line ?? this.#openLine(device, target, connection, client);
    if (!('status' in own)) own.judged(authorization, target);
    return own;
  }

  #openLine(device: string, target: ProxyTarget, connection: Connection, client: Socket): ProxyLine | ProxyRefusal {
    const { idleTimeout } = this.#options.limits;
    if (this.#options.overload?.admits('proxy') === false) return overloaded;
    if (!this.#take(device, client)) {
      const message = 'a device has as many connections open through the forward proxy as it may (transparent.perDevice)';
      const told = tellingOf('share', { device, target }, message);
      return { status: 429, why: 'too many at once', fields: ['Retry-After', '5'], told };
    }
    const line = new ProxyLine({
      device,
      client,
      connection,
      clock: this.#clock,
      idleTimeout,
      onIdle: () => countMet(this.#options.counts?.counters, 'transparent.idle'),
      isDraining: () => this.#draining,
    });
    this.#lines.set(client, line);
    return line;
  }

  async #follow(passage: Passage, pass: Pass): Promise<void> {
    const { line, connection, client, known } = passage;
    const { device } = line;
    try {
      if (!known) await this.#options.gatekeeper.contact(device, connection.address);
      const refusal = client.destroyed ? gone : await pass(passage);
      if (refusal !== undefined) this.#refuse(connection, client, refusal);
    } catch (error) {
      this.#options.log.error({ err: error, device }, 'a request to the forward proxy could not be served');
      client.destroy();
    }
  }

  #identify(authorization: string | undefined, address: string): string | Refusal {
    const caller = { address, encrypted: this.#options.tls !== undefined, ...(authorization === undefined ? {} : { authorization }) };
    const identified = this.#options.gatekeeper.identify(caller) ?? unknownCaller;
    return typeof identified === 'object' && 'wait' in identified ? delayedCaller(identified.wait) : identified;
  }

  /** @returns false where the device has its share; it is given back when the connection closes */
  #take(device: string, client: Socket): boolean {
    const open = this.#open.get(device) ?? 0;
    if (open >= this.#options.limits.perDevice) return false;
    this.#open.set(device, open + 1);
    const giveBack = () => {
      const left = (this.#open.get(device) ?? 0) - 1;
      if (left > 0) this.#open.set(device, left);
      else this.#open.delete(device);
    };
    if (client.destroyed) giveBack();
    else client.once('close', giveBack);
    return true;
  }

  /** The connection that the line has there, or a new one in its place. */
  async #serverOf(passage: Passage): Promise<ServerConnection | ProxyRefusal> {
    const kept = await passage.line.kept(passage.target);
    if (kept !== undefined) return kept;
    const upstream = await this.#wayOut(passage);
    return 'status' in upstream ? upstream : passage.line.use(upstream, passage.target);
  }

  /** A connection of one's own to a server; given up when the client leaves. */
  async #wayOut({ line: { device }, target, client }: Passage): Promise<Socket | ProxyRefusal> {
    const { gatekeeper, limits, resolve = systemResolve } = this.#options;
    const way = new WayOut(target, {
      resolve,
      permits: (address) => gatekeeper.permitsAddress(device, target, address),
      timeout: limits.connectTimeout,
      clock: this.#clock,
    });
    const leave = () => way.giveUp();
    client.once('close', leave);
    const upstream = await way.outcome;
    client.off('close', leave);
    if ('status' in upstream)
      return { ...upstream, told: tellingOf('way', { device, target }, 'a device got no connection to its server') };
    if (!client.destroyed) return upstream;
    upstream.destroy();
    return gone;
  }

  #parserRefused(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#connections.of(socket);
    const status = parserStatus(error.code ?? '');
    if (connection?.state !== 'waiting' || status === undefined || !socket.writable) socket.destroy();
    else this.#refuse(connection, socket, { status, why: error.code ?? error.message });
  }

  /** Answers past the parser, reads nothing more, and closes once the peer has had time to read why. */
  #refuse(connection: Connection, socket: Socket, refusal: ProxyRefusal): void {
    const { status, fields = [] } = refusal;
    connection.state = 'closing';
    connection.headArrived();
    if (socket.destroyed) return;
    this.#complain(connection, refusal);
    socket.pause();
    const closing: Fields = ['Content-Length', '0', 'Connection', 'close'];
    socket.end(encodeHead(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`, [...fields, ...closing]));
    const linger = this.#clock.timer('forward proxy linger', lingerTime, () => connection.destroy());
    socket.once('close', () => linger.cancel());
  }

  #complain({ address }: Connection, { status, why, told }: ProxyRefusal): void {
    countRefusedRequest(this.#options.counts, status);
    const { complaint, about, message } = told ?? {
      complaint: { reason: why, source: address },
      about: {},
      message: 'a request to the forward proxy is refused',
    };
    this.#complaints.warn(complaint, { ...about, address, status, why }, message);
  }
}

/** A device that asks for the same again and again is one source, wherever it asks for. */
function tellingOf(
  reason: string,
  { device, target }: { readonly device: string; readonly target: ProxyTarget },
  message: string,
): Required<ProxyRefusal>['told'] {
  return { complaint: { reason, source: device }, about: { device, target: `${target.host}:${target.port}` }, message };
}

/** @see RFC 9110 § 15.5.8, RFC 7617 § 2.1 */
const unknownCaller: Refusal = {
  status: 407,
  why: 'unknown caller',
  fields: ['Proxy-Authenticate', 'Basic realm="Postern", charset="UTF-8"'],
};

/** Its credentials were not looked at: 407 would say that they are wrong. @see RFC 6585 § 4 */
function delayedCaller(wait: Milliseconds): Refusal {
  return { status: 429, why: 'too many wrong credentials', fields: ['Retry-After', retryAfter(wait)] };
}

/** Nobody is there to be told. */
const gone: Refusal = { status: 400, why: 'the caller has left' };

function headOf({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage) {
  return { method, target: url, version: httpVersion, fields: rawHeaders };
}
