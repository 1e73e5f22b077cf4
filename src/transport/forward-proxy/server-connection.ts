import type { Socket } from 'node:net';
import type { Destination } from '#src/gateway/index.js';
import type { AnswerHead } from '../http/answer-head.js';
import { AnswerReader, type AnswerSink } from '../http/answer-reader.js';
import { endToEnd, via } from '../http/hop-by-hop.js';
import type { Refusal } from '../http/request-head.js';
import type { Exchange } from './exchange.js';
import { passRequest } from './pass-request.js';

export interface ServerConnectionOptions {
  readonly socket: Socket;
  readonly place: Destination;
  /** Bytes have gone either way. */
  readonly moved: () => void;
  /** The server has said what nobody asked for; its connection is destroyed. */
  readonly strayed: () => void;
}

/**
 * The connection to a server that one connection of one device has to itself. It carries one message at a time, and is destroyed with
 * the first byte that nobody asked for, with an answer that two readers could understand differently, and behind one that only the end
 * of its connection ends.
 * @see RFC 9112 § 9.3, § 11.1
 */
export class ServerConnection implements AnswerSink {
  readonly #options: ServerConnectionOptions;
  readonly #socket: Socket;
  readonly #reader = new AnswerReader(this);
  #exchange: Exchange | undefined;
  #resolve: ((refusal: Refusal | undefined) => void) | undefined;
  /** The head of the answer is written, and goes with what follows. */
  #headWaits = false;
  #keeps = false;
  #goesOn = false;
  #state: 'open' | 'closed' | 'strayed' = 'open';

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('error', ({ message }) => this.#close(message));
    this.#socket.on('close', () => this.#close(closed));
  }

  /** `strayed`: the server has said what nobody asked for. */
  get state(): 'open' | 'closed' | 'strayed' {
    return this.#state;
  }

  leadsTo({ host, port }: Destination): boolean {
    const { place } = this.#options;
    return place.host === host && place.port === port;
  }

  /** Passes a message on and its answer back, each as it comes. @returns why there is no answer; undefined once its head is on its way */
  pass(exchange: Exchange): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      this.#exchange = exchange;
      this.#resolve = resolve;
      this.#reader.expect(exchange.request.method ?? '');
      passRequest(exchange, this.#socket, this.#options.moved);
    });
  }

  destroy(): void {
    this.#close(closed);
  }

  head({ status, reason, fields, length, keeps }: AnswerHead): void {
    const { request, response, mayGoOn, answering } = this.#current;
    // A server that has not read the request to its end may take the rest of it for another one.
    this.#keeps = keeps && request.complete;
    this.#goesOn = length !== 'close' && request.complete && mayGoOn();
    answering();
    this.#settle(undefined);
    response.sendDate = false;
    response.writeHead(status, reason, [...endToEnd(fields), 'Via', via, 'Connection', this.#goesOn ? 'keep-alive' : 'close']);
    this.#headWaits = true;
  }

  body(bytes: Buffer | undefined, last: boolean): void {
    this.#headWaits = false;
    const { response, answered } = this.#current;
    if (last) {
      this.#exchange = undefined;
      if (!this.#keeps) this.#close(closed);
      answered(this.#goesOn);
      response.end(bytes);
    } else if (!response.write(bytes)) {
      this.#socket.pause();
      response.once('drain', () => this.#socket.resume());
    }
  }

  get #current(): Exchange {
    if (this.#exchange === undefined) throw new Error('an answer without a request');
    return this.#exchange;
  }

  #take(chunk: Buffer): void {
    this.#options.moved();
    const odd = this.#reader.push(chunk);
    if (this.#headWaits) this.#exchange?.response.flushHeaders();
    this.#headWaits = false;
    if (odd === undefined) return;
    const stray = this.#exchange === undefined && this.#state === 'open';
    this.#close(odd);
    if (!stray) return;
    this.#state = 'strayed';
    this.#options.strayed();
  }

  #end(): void {
    this.#close(this.#reader.finish() ?? closed);
  }

  /** An answer that is cut short stays visibly cut short. */
  #close(why: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    this.#socket.destroy();
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange !== undefined && !this.#settle({ status: 502, why })) exchange.response.destroy();
  }

  /** @returns false when the device has been answered already */
  #settle(refusal: Refusal | undefined): boolean {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(refusal);
    return resolve !== undefined;
  }
}

const closed = 'the server closed the connection';
