import type { DmResponse, Timer } from '#src/base/index.js';
import {
  type Delivery,
  newServer,
  type ServerEffect,
  type ServerInput,
  type ServerSetup,
  type ServerState,
  stepServer,
} from '#src/dm/server/index.js';
import type { EndReason } from '#src/dm/session/index.js';
import type { Alert, Codec, Item, Reply, ServerCommand, SyncMLMessage } from '#src/dm/syncml/index.js';
import type { Environment } from './environment.js';

/** How a session ended, and what it leaves behind. */
export interface SessionEnd {
  readonly reason: EndReason;
  readonly detail?: string;
  /** Answers that came and were never handed over. */
  readonly replies: readonly Reply[];
  /** Whether a command with this CmdID has left since the last complete package. */
  readonly wasSent: (ref: string) => boolean;
}

/** What a session is run for. What these write is durable before the answer leaves. */
export interface SessionWork {
  onNonce(whose: 'client' | 'server', nonce: string): void;
  /** The client has proved itself: what follows is its own. */
  onAuthenticated(): void;
  onDevInfo(devInfo: readonly Item[]): void;
  /** @returns a Status for each */
  judge(alerts: readonly Alert[]): readonly string[];
  /** The client's package is complete. @returns what it shall do next; nothing: the session ends */
  next(replies: readonly Reply[]): readonly ServerCommand[];
  onEnd(end: SessionEnd): void;
}

export interface ClientSessionOptions {
  readonly codec: Codec;
  readonly server: Omit<ServerSetup, 'encode'>;
  readonly work: SessionWork;
}

/** Costs the client nothing; nobody hears the answer. */
const harmlessGet: ServerCommand = { name: 'Get', CmdID: 'proof', Item: [{ Target: { LocURI: './DevInfo/DmV' } }] };

/** A session with a client: the machine with its work and its idle time. Each message is answered at once. */
export class ClientSession {
  readonly #env: Environment;
  readonly #options: ClientSessionOptions;
  readonly startedAt: number;
  #state: ServerState;
  #authenticated = false;
  #answer: Uint8Array | undefined;
  #idle: Timer | undefined;
  #messages = 0;
  #bytes = 0;
  #hasAlerted = false;
  /** The client has been asked for something in this session. */
  #hasAsked = false;

  constructor(env: Environment, options: ClientSessionOptions) {
    this.#env = env;
    this.#options = options;
    this.startedAt = env.clock.now();
    this.#state = newServer({ ...options.server, encode: (message) => options.codec.encode(message) });
  }

  get ended(): boolean {
    return this.#state.phase === 'ended';
  }

  get authenticated(): boolean {
    return this.#authenticated;
  }

  get sessionId(): string {
    return this.#state.leg.sessionId;
  }

  get traffic(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  /** Takes a message; the answer may leave once what it acknowledges is durable. */
  receive(message: SyncMLMessage, size: number): DmResponse {
    this.#idle?.cancel();
    this.#answer = undefined;
    this.#apply({ kind: 'message', message, fresh: this.#env.entropy.nonce() });
    const body: Uint8Array | undefined = this.#answer;
    this.#count(size, body);
    if (body === undefined) return { status: 503, close: true };
    return { status: 200, contentType: `${this.#options.codec.contentType}; charset=UTF-8`, body };
  }

  /** Ends it without a word: the client has gone, or shall not go on. */
  drop(detail: string): void {
    this.#apply({ kind: 'silence', detail });
  }

  #count(received: number, sent: Uint8Array | undefined): void {
    this.#messages += sent === undefined ? 1 : 2;
    this.#bytes += received + (sent?.length ?? 0);
  }

  #apply(input: ServerInput): void {
    const { state, effects } = stepServer(this.#state, input);
    this.#state = state;
    if (!this.#authenticated && state.clientAuth.accepted) {
      this.#authenticated = true;
      this.#options.work.onAuthenticated();
    }
    for (const effect of effects) this.#carryOut(effect);
    if (this.ended) this.#idle?.cancel();
  }

  #carryOut(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'store-nonce':
        return this.#options.work.onNonce(effect.whose, effect.nonce);
      case 'send':
        return this.#send(effect.bytes);
      case 'deliver':
        return this.#deliver(effect);
      case 'end':
        return this.#end(effect.reason, effect.detail);
    }
  }

  #send(bytes: Uint8Array): void {
    this.#answer = bytes;
    const { clock, settings } = this.#env;
    this.#idle?.cancel();
    this.#idle = clock.timer('session-idle', settings.sessionIdle, () => this.drop('the client went silent'));
  }

  #deliver({ alerts, devInfo, replies, final }: Delivery): void {
    const { work } = this.#options;
    if (devInfo.length > 0) work.onDevInfo(devInfo);
    const statuses = work.judge(alerts);
    this.#hasAlerted ||= alerts.length > 0;
    this.#apply({ kind: 'answer', statuses, commands: final ? this.#next(replies) : [] });
  }

  #next(replies: readonly Reply[]): readonly ServerCommand[] {
    const next = this.#options.work.next(replies);
    const commands = next.length === 0 && this.#hasToProve() ? [harmlessGet] : next;
    this.#hasAsked ||= commands.length > 0;
    return commands;
  }

  /**
   * A client with MD5 hands over the nonce for our credentials only to a server that asks for something, and what an unproven
   * server says about its alerts counts for nothing: it would report them for ever.
   */
  #hasToProve(): boolean {
    const own = this.#state.ownAuth;
    if (own === undefined || own.scheme !== 'md5' || own.established || this.#hasAsked) return false;
    return own.nonce === undefined || this.#hasAlerted;
  }

  #end(reason: EndReason, detail: string | undefined): void {
    const { replies, awaited } = this.#state;
    const sent = new Set([...awaited.values()].map(({ ref }) => ref));
    this.#options.work.onEnd({ reason, ...(detail === undefined ? {} : { detail }), replies, wasSent: (ref) => sent.has(ref) });
  }
}
