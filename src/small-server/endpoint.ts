import { createHash } from 'node:crypto';
import { type DmRequest, type DmResponse, isPosternError, LimitedLog, type Log } from '#src/base/index.js';
import { unknownSessionAnswer, withKeptHeader } from '#src/dm/server/index.js';
import { ownAuth, peerAuth } from '#src/dm/session/index.js';
import { type Codec, codecFor, type SyncMLMessage } from '#src/dm/syncml/index.js';
import type { AlertBook } from './alert-book.js';
import { ClientLogins } from './client-logins.js';
import { ClientSession, type ClientSessionOptions } from './client-session.js';
import type { ClientTriggers } from './client-triggers.js';
import { ClientWork } from './client-work.js';
import type { CommandQueue } from './command-queue.js';
import type { Environment } from './environment.js';
import type { OpenSession, OpenSessions } from './open-sessions.js';
import type { ClientRecord } from './ports.js';
import { Repeats } from './repeats.js';

export interface EndpointParts {
  readonly env: Environment;
  readonly sessions: OpenSessions;
  readonly queue: CommandQueue;
  readonly alerts: AlertBook;
  readonly triggers: ClientTriggers;
  /** Whether new sessions and new commands have to wait for the next start. */
  readonly isStopping: () => boolean;
}

/** Between the path of the endpoint and the token of a session. */
const sessionPath = '/s/';
const tokenPattern = /^[\w-]{32}$/;

/** A message that was understood, and how. */
interface Received {
  readonly request: DmRequest;
  readonly codec: Codec;
  readonly message: SyncMLMessage;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
}

/** Where clients post their messages. Sessions are keyed by the RespURI that we gave and by the client, never by SessionID. */
export class Endpoint {
  readonly #parts: EndpointParts;
  readonly #env: Environment;
  readonly #log: Log;
  readonly #complaints: LimitedLog;
  readonly #repeats: Repeats;
  readonly #logins: ClientLogins;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.#env = parts.env;
    this.#log = parts.env.log;
    this.#complaints = new LimitedLog(parts.env);
    this.#repeats = new Repeats(parts.env.clock, parts.env.settings.repeatWindow);
    this.#logins = new ClientLogins(parts.env.clock, parts.env.entropy);
  }

  /** Whether a path is ours. */
  accepts(path: string): boolean {
    return path === this.#env.settings.path || this.#tokenIn(path) !== undefined;
  }

  async handle(request: DmRequest): Promise<DmResponse> {
    if (!this.accepts(request.path)) return { status: 404 };
    const codec = codecFor(request.contentType);
    if (codec === undefined) return { status: 415, close: true };
    const token = this.#tokenIn(request.path);
    const digest = createHash('sha256').update(request.body).digest('hex');
    const repeated = token === undefined ? undefined : this.#repeats.find(token, digest);
    if (repeated !== undefined) return repeated;
    const message = this.#decode(codec, request);
    if ('status' in message) return message;
    const received = { request, codec, message, digest };
    return token === undefined ? this.#receiveFirst(received) : this.#receiveNext(token, received);
  }

  #tokenIn(path: string): string | undefined {
    const start = this.#env.settings.path + sessionPath;
    const token = path.slice(start.length);
    return path.startsWith(start) && tokenPattern.test(token) ? token : undefined;
  }

  #decode(codec: Codec, { body, remoteAddress }: DmRequest): SyncMLMessage | DmResponse {
    try {
      return withKeptHeader(codec.decode(body, this.#env.settings.decode));
    } catch (error) {
      if (!isPosternError(error)) throw error;
      const complaint = { reason: error.code, source: remoteAddress };
      this.#complaints.warn(complaint, { address: remoteAddress, code: error.code, details: error.details }, 'a message was refused');
      return { status: error.status === 413 ? 413 : 400, close: true };
    }
  }

  #receiveNext(token: string, received: Received): Promise<DmResponse> | DmResponse {
    const open = this.#parts.sessions.find(token);
    const id = received.message.SyncHdr.Source.LocURI;
    if (open?.client === id) return this.#receiveWithin(open, received);
    const { remoteAddress: address } = received.request;
    const complaint = { reason: 'unknown-session', source: address };
    this.#complaints.warn(complaint, { client: id, address }, 'a message came for a session that is not open');
    const body = received.codec.encode(unknownSessionAnswer(received.message));
    return { status: 200, contentType: `${received.codec.contentType}; charset=UTF-8`, body };
  }

  /** Package 1, or a repeat of it, or the answer to a challenge of a client that does not follow a RespURI. */
  #receiveFirst(received: Received): Promise<DmResponse> | DmResponse {
    const { message, request, digest } = received;
    const { Source, MsgID, SessionID } = message.SyncHdr;
    const client = this.#env.store.clients.get(Source.LocURI);
    const refused = request.encrypted ? undefined : this.#refusePlain(Source.LocURI, client, request);
    if (refused !== undefined) return refused;
    const repeated = this.#repeats.find(Source.LocURI, digest);
    if (repeated !== undefined) return repeated;
    const challenged = Number(MsgID) > 1 ? this.#parts.sessions.challenged(Source.LocURI, SessionID) : undefined;
    if (challenged !== undefined) return this.#receiveWithin(challenged, received);
    const nonce = client && this.#env.store.clients.nonce(client.id, 'client');
    return this.#delayed(received, this.#logins.refusal(received, { client, nonce })) ?? this.#openWith(received, client);
  }

  #receiveWithin(open: OpenSession, received: Received): Promise<DmResponse> | DmResponse {
    const refusal = open.session.authenticated ? undefined : this.#logins.refusal(received);
    return this.#delayed(received, refusal) ?? this.#receive(open, received);
  }

  #delayed({ message, request }: Received, refusal: DmResponse | undefined): DmResponse | undefined {
    if (refusal === undefined) return undefined;
    const { remoteAddress: address } = request;
    const client = message.SyncHdr.Source.LocURI;
    const complaint = { reason: 'delayed', source: address };
    this.#complaints.warn(complaint, { client, address }, 'credentials were not looked at: too many were wrong before');
    return refusal;
  }

  #refusePlain(id: string, client: ClientRecord | undefined, { remoteAddress }: DmRequest): DmResponse | undefined {
    const place = { client: id, address: remoteAddress };
    if (client?.allowPlainHttp === true) {
      const complaint = { reason: 'shown-in-plain', source: id };
      this.#complaints.warn(complaint, place, 'a client shows its credentials over plain http, as it is allowed to');
      return undefined;
    }
    const complaint = { reason: 'plain-http', source: remoteAddress };
    this.#complaints.warn(complaint, place, 'a client came over plain http without leave; it was refused');
    return { status: 403, close: true };
  }

  #openWith(received: Received, client: ClientRecord | undefined): Promise<DmResponse> | DmResponse {
    if (this.#parts.isStopping()) return { status: 503, headers: { 'Retry-After': '30' }, close: true };
    const open = this.#open(received, client);
    if (this.#parts.sessions.add(open)) return this.#receive(open, received);
    const about = { client: open.client, limit: this.#env.settings.maxSessions };
    const complaint = { reason: 'too-many-sessions', source: received.request.remoteAddress };
    this.#complaints.warn(complaint, about, 'a session was refused: too many are open');
    return { status: 503, headers: { 'Retry-After': '30' }, close: true };
  }

  #receive(open: OpenSession, received: Received): Promise<DmResponse> | DmResponse {
    const { authenticated } = open.session;
    const said = this.#say(open, received);
    if (!authenticated) this.#judge(open, received);
    if (said.status !== 200) return said;
    const answer = this.#whenDurable(open, said);
    // A stranger could keep a client's name busy: its repeats are known by the token alone.
    const keys = open.session.authenticated ? [open.token, open.client] : [open.token];
    this.#repeats.keep(keys, received.digest, { answer, bytes: said.body?.length ?? 0 });
    return answer;
  }

  #judge({ session, client }: OpenSession, received: Received): void {
    const exists = !session.authenticated && this.#env.store.clients.get(client) !== undefined;
    this.#logins.judged(received, { proved: session.authenticated, exists });
  }

  #say(open: OpenSession, { message, request }: Received): DmResponse {
    try {
      return open.session.receive(message, request.body.length);
    } catch (error) {
      return this.#giveUp(open, error);
    }
  }

  /** An answer leaves only once everything that it acknowledges is durable; if that fails nothing of it was done. */
  async #whenDurable(open: OpenSession, answer: DmResponse): Promise<DmResponse> {
    try {
      await this.#env.store.committed();
      return answer;
    } catch (error) {
      return this.#giveUp(open, error);
    }
  }

  #giveUp(open: OpenSession, error: unknown): DmResponse {
    if (!isPosternError(error)) throw error;
    this.#log.error({ client: open.client, code: error.code }, 'what a client said could not be kept; its session is given up');
    for (const key of [open.token, open.client]) this.#repeats.forget(key);
    open.session.drop('what was said could not be kept');
    return { status: 503, headers: { 'Retry-After': '30' }, close: true };
  }

  #open({ codec, message, request }: Received, client: ClientRecord | undefined): OpenSession {
    const id = message.SyncHdr.Source.LocURI;
    const { remoteAddress: address } = request;
    const token = this.#env.entropy.token();
    const { env, sessions, queue, alerts, triggers, isStopping } = this.#parts;
    const work: ClientWork = new ClientWork({
      ...{ env, queue, alerts, isStopping, id },
      onAuthenticated: () => {
        sessions.promote(open);
        triggers.came(id, open.session.sessionId);
      },
      onEnd: (reason, detail) => {
        this.#log.info({ client: id, reason, detail, address }, 'the session of a client has ended');
        sessions.remove(open);
      },
    });
    const open: OpenSession = {
      token,
      client: id,
      session: new ClientSession(env, { codec, work, server: this.#serverSetup(token, id, client) }),
    };
    return open;
  }

  /** A stranger is treated as a client whose password nobody knows, so that nobody learns who is known here. */
  #serverSetup(token: string, id: string, client: ClientRecord | undefined): ClientSessionOptions['server'] {
    const { settings, store, entropy } = this.#env;
    const stranger = {
      scheme: 'md5',
      userName: id,
      clientSecret: { kind: 'digest', value: entropy.nonce() },
      serverSecret: undefined,
    } as const;
    const { scheme, userName, clientSecret, serverSecret } = client ?? stranger;
    const url = settings.url() + settings.path;
    return {
      own: { uri: url, name: settings.serverId },
      respUri: url + sessionPath + token,
      offer: settings.offer,
      clientAuth: peerAuth({ scheme, identity: { userName, secret: clientSecret } }, client && store.clients.nonce(id, 'client')),
      ...(serverSecret === undefined
        ? {}
        : { ownAuth: ownAuth(scheme, { userName: settings.serverId, secret: serverSecret }, store.clients.nonce(id, 'server')) }),
    };
  }
}
