import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Milliseconds } from '#src/base/index.js';
import type { Destination } from '#src/gateway/index.js';
import type { Connection } from '../http/connection-table.js';
import type { Refusal } from '../http/request-head.js';
import type { Exchange } from './exchange.js';
import { IdleWatch } from './idle-watch.js';
import type { ProxyTarget } from './proxy-target.js';
import { ServerConnection } from './server-connection.js';

export interface ProxyLineOptions {
  readonly device: string;
  readonly client: Socket;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly idleTimeout: Milliseconds;
  /** Hears that nothing has moved for that time, before it closes. */
  readonly onIdle: () => void;
  /** Whether the proxy takes no further message. */
  readonly isDraining: () => boolean;
}

/** How long what was shown and where it led is as good as judged: a session's messages follow one another faster than that. */
const judgementAge: Milliseconds = 5_000;

/**
 * A device's connection to the forward proxy: whose it is, where it was let, and the one connection that it has to a server. That is
 * nobody else's, leads to one place, and ends with this one.
 */
export class ProxyLine {
  readonly device: string;
  readonly #options: ProxyLineOptions;
  readonly #idle: IdleWatch;
  #server: ServerConnection | undefined;
  #tunnel: Socket | undefined;
  #judged: { readonly authorization: string | undefined; readonly place: Destination; readonly until: Milliseconds } | undefined;

  constructor(options: ProxyLineOptions) {
    this.device = options.device;
    this.#options = options;
    this.#idle = new IdleWatch(options.clock, options.idleTimeout, () => {
      options.onIdle();
      this.#destroy();
    });
    options.client.once('close', () => this.#leave());
  }

  /** Bytes have gone either way. */
  readonly moved = () => this.#idle.touch();

  /** Who shows this may go there, as was found just now. */
  judged(authorization: string | undefined, { host, port }: Destination): void {
    this.#judged = { authorization, place: { host, port }, until: this.#options.clock.monotonic() + judgementAge };
  }

  /** Whether that was found not long ago. */
  isJudged(authorization: string | undefined, { host, port }: Destination): boolean {
    const { authorization: shown, place, until } = this.#judged ?? {};
    if (until === undefined || shown !== authorization || place?.host !== host || place.port !== port) return false;
    return this.#options.clock.monotonic() < until;
  }

  /** The connection that the last message went over, where it leads there too; undefined: another is needed. */
  async kept(place: Destination): Promise<ServerConnection | Refusal | undefined> {
    const server = this.#server;
    if (!server?.leadsTo(place)) return this.#drop();
    await wholeTurn();
    if (server.state === 'strayed') return stray;
    return server.state === 'open' ? server : this.#drop();
  }

  /** Takes a new connection for messages, unless its server speaks before it is asked. */
  async use(socket: Socket, place: Destination): Promise<ServerConnection | Refusal> {
    const server = new ServerConnection({ socket, place, moved: this.moved, strayed: () => this.#strayed() });
    this.#server = server;
    if (this.#options.client.destroyed) server.destroy();
    await wholeTurn();
    if (server.state === 'strayed') return stray;
    return server.state === 'open' ? server : { status: 502, why: 'the connection broke' };
  }

  /** The connection is no more for messages. */
  tunnel(upstream: Socket): void {
    this.#drop();
    this.#tunnel = upstream;
  }

  exchange(request: IncomingMessage, response: ServerResponse, target: ProxyTarget): Exchange {
    const { connection, isDraining } = this.#options;
    this.moved();
    return {
      request,
      response,
      target,
      mayGoOn: () => response.shouldKeepAlive && request.httpVersion === '1.1' && !isDraining(),
      answering: () => {
        connection.state = 'answering';
      },
      answered: (goesOn) => this.#answered(response, goesOn),
    };
  }

  /** Before the bytes leave: the device's next message may be here as soon as they are. */
  #answered(response: ServerResponse, goesOn: boolean): void {
    const { connection, isDraining } = this.#options;
    connection.state = goesOn ? 'waiting' : 'closing';
    connection.flushing = true;
    response.once('close', () => {
      connection.flushing = false;
      if (goesOn && isDraining()) connection.destroy();
    });
  }

  /** What a server says beyond its answers may be meant for another question: nothing is asked here any more. */
  #strayed(): void {
    const { connection, client } = this.#options;
    if (connection.state !== 'waiting') return;
    connection.state = 'closing';
    client.destroySoon();
  }

  #drop(): undefined {
    this.#server?.destroy();
    this.#server = undefined;
  }

  #destroy(): void {
    this.#options.client.destroy();
    this.#tunnel?.destroy();
  }

  #leave(): void {
    this.#idle.stop();
    this.#drop();
  }
}

const stray: Refusal = { status: 502, why: 'the server said what nobody asked for' };

/** Delivers what lies unread in the kernel. The first immediate may run in the turn that has polled already. */
function wholeTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
