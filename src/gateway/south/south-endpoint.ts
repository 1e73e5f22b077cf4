import { createHash } from 'node:crypto';
import {
  isPosternError,
  LimitedLog,
  type Log,
  type LogFields,
  type LoginLimit,
  type Milliseconds,
  overloadedRetryAfter,
} from '#src/base/index.js';
import { unknownSessionAnswer, withKeptHeader } from '#src/dm/server/index.js';
import { ownAuth, peerAuth } from '#src/dm/session/index.js';
import { type Codec, codecFor, type SyncMLMessage } from '#src/dm/syncml/index.js';
import type { DeviceAlerts } from '../alerts/device-alerts.js';
import type { Environment } from '../environment.js';
import { SouthLogins } from '../logins/south-logins.js';
import type { DeviceSummary, SouthCredentials } from '../ports.js';
import { countStarted, noteEnded } from '../sessions/session-counts.js';
import { SessionMeter } from '../sessions/session-meter.js';
import type { DmRequest, DmResponse } from '../wire.js';
import { SouthSession, type SouthSetup } from './south-session.js';
import type { OpenSession, SouthSessions } from './south-sessions.js';
import { Strangers } from './strangers.js';

export interface SouthEndpointOptions {
  readonly env: Environment;
  readonly sessions: SouthSessions;
  readonly alerts: DeviceAlerts;
  readonly logins: LoginLimit;
  /** How long a device that has proved itself is to stay away; 0: not at all. */
  readonly putOff: (device: DeviceSummary) => Milliseconds;
  /** Runs what a device that has proved itself opened its session for. */
  readonly converse: (device: DeviceSummary, session: SouthSession, address: string) => Promise<void>;
}

/** Between the path of the endpoint and the token of a session. */
const sessionPath = '/s/';
const tokenPattern = /^[\w-]{32}$/;

/**
 * Where devices post their messages. Sessions are keyed by the RespURI that we gave and by the device, never by
 * SessionID, which some devices never change.
 */
export class SouthEndpoint {
  readonly #options: SouthEndpointOptions;
  readonly #env: Environment;
  readonly #log: Log;
  readonly #complaints: LimitedLog;
  readonly #strangers: Strangers;
  readonly #logins: SouthLogins;

  constructor(options: SouthEndpointOptions) {
    this.#options = options;
    this.#strangers = new Strangers(options.env);
    this.#logins = new SouthLogins(options.env, options.logins);
    this.#env = options.env;
    this.#log = options.env.log;
    this.#complaints = new LimitedLog(options.env);
  }

  /** Whether a path is ours. */
  accepts(path: string): boolean {
    return this.#place(path) !== undefined;
  }

  /** Whether a path is that of an open session: what comes there goes on, however much there is to do. */
  isOpen(path: string): boolean {
    const token = this.#place(path)?.token;
    return token !== undefined && this.#options.sessions.find(token) !== undefined;
  }

  async handle(request: DmRequest): Promise<DmResponse> {
    const place = this.#place(request.path);
    if (place === undefined) return { status: 404 };
    const codec = codecFor(request.contentType);
    if (codec === undefined) {
      this.#count('unknown-content-type');
      return { status: 415, close: true };
    }
    const digest = createHash('sha256').update(request.body).digest('hex');
    const last = this.#options.sessions.lastExchange(place.token);
    if (last?.digest === digest) return last.answer;
    const message = this.#decode(codec, request);
    if ('status' in message) return message;
    const id = message.SyncHdr.Source.LocURI;
    const { device, south } = this.#whoIs(id, place.token);
    if (!request.encrypted && device?.allowPlainHttp !== true) return this.#refusePlain(id, request);
    const arrival = { request, codec, message, digest, device, south };
    return place.token === undefined ? this.#receiveFirst(place.path, arrival) : this.#receiveNext(place.token, arrival);
  }

  /** Who speaks, as far as we know them, and what is asked of them. The secrets of a device are not opened where it has proved itself already. */
  #whoIs(id: string, token: string | undefined): Pick<Arrival, 'device' | 'south'> {
    const { inventory } = this.#env.store;
    const isProved = token !== undefined && this.#options.sessions.find(token)?.session.authenticated === true;
    if (isProved) return { device: proxied(inventory.find(id)), south: undefined };
    const device = proxied(inventory.get(id));
    return { device, south: device?.south ?? this.#strangers.credentials(id) };
  }

  #place(path: string): { path: string; token?: string } | undefined {
    if (this.#env.settings.paths.includes(path)) return { path };
    const at = path.lastIndexOf(sessionPath);
    const token = path.slice(at + sessionPath.length);
    if (at < 0 || !this.#env.settings.paths.includes(path.slice(0, at)) || !tokenPattern.test(token)) return undefined;
    return { path: path.slice(0, at), token };
  }

  #decode(codec: Codec, request: DmRequest): SyncMLMessage | DmResponse {
    try {
      return withKeptHeader(codec.decode(request.body, this.#env.settings.decode));
    } catch (error) {
      if (!isPosternError(error)) throw error;
      this.#refused(error.code, request, { code: error.code, details: error.details }, 'a message was refused');
      return { status: error.status === 413 ? 413 : 400, close: true };
    }
  }

  /** Package 1, or a repeat of the last message of a session that we have forgotten. */
  async #receiveFirst(path: string, arrival: Arrival): Promise<DmResponse> {
    const { SessionID, MsgID, Source } = arrival.message.SyncHdr;
    const id = Source.LocURI;
    if (!arrival.request.encrypted) this.#warnOfPlain(id);
    const repeated = this.#repeated(id, arrival.digest);
    if (repeated !== undefined) return repeated;
    const challenged = Number(MsgID) > 1 ? this.#options.sessions.challenged(id, SessionID) : undefined;
    if (challenged !== undefined) return this.#receive(challenged, arrival);
    const delayed = this.#delayed(arrival, this.#env.store.nonces.get(`south/${id}`, 'client'));
    if (delayed !== undefined) return delayed;
    if (this.#env.overload?.admits('session') === false) {
      this.#refused('overload', arrival.request, { device: id }, 'a session was refused: the gateway has too much to do (limits.memory)');
      return { status: 503, headers: { 'Retry-After': overloadedRetryAfter }, close: true };
    }
    const open = this.#open(path, arrival);
    if (!this.#options.sessions.add(open)) {
      const about = { device: id, limit: this.#env.settings.maxSessions };
      this.#refused('too-many-sessions', arrival.request, about, 'a session was refused: too many are open (limits.sessions)');
      return { status: 503, headers: { 'Retry-After': '30' }, close: true };
    }
    countStarted(this.#env, 'south');
    return this.#take(open, arrival);
  }

  /** A message at the RespURI of a session, or of one that was open before we were started again. */
  async #receiveNext(token: string, arrival: Arrival): Promise<DmResponse> {
    const { request, codec, message, digest } = arrival;
    const id = message.SyncHdr.Source.LocURI;
    const open = this.#options.sessions.find(token);
    if (open !== undefined && open.device === id) return this.#receive(open, arrival);
    const repeated = open === undefined ? this.#options.alerts.storedAnswer(id, digest) : undefined;
    if (repeated !== undefined) return repeated;
    this.#refused('unknown-session', request, { device: id }, 'a message came for a session that is not open');
    const body = codec.encode(unknownSessionAnswer(message));
    return { status: 200, contentType: `${codec.contentType}; charset=UTF-8`, body };
  }

  #refusePlain(device: string, request: DmRequest): DmResponse {
    this.#refused('plain-http', request, { device }, 'a device came over plain http without leave (allowPlainHttp); it was refused');
    return { status: 403, close: true };
  }

  #warnOfPlain(device: string): void {
    const complaint = { reason: 'shown-in-plain', source: device };
    this.#complaints.warn(complaint, { device }, 'a device shows its credentials over plain http, as its policy allows');
  }

  #refused(reason: string, { remoteAddress: address }: Pick<DmRequest, 'remoteAddress'>, about: LogFields, message: string): void {
    this.#count(reason);
    this.#complaints.warn({ reason, source: address }, { address, ...about }, message);
  }

  #count(reason: string): void {
    this.#env.counters?.add('postern_messages_refused_total', { reason });
  }

  #repeated(device: string, digest: string): Promise<DmResponse> | DmResponse | undefined {
    const last = this.#options.sessions.lastExchange(undefined, device);
    return last?.digest === digest ? last.answer : this.#options.alerts.storedAnswer(device, digest);
  }

  #receive(open: OpenSession, arrival: Arrival): Promise<DmResponse> | DmResponse {
    if (open.session.busy) return { status: 503, headers: { 'Retry-After': '1' } };
    const delayed = open.session.authenticated ? undefined : this.#delayed(arrival);
    return delayed ?? this.#take(open, arrival);
  }

  /** The answer to credentials that are not looked at now; undefined: they are. */
  #delayed(arrival: Arrival, nonce?: string): DmResponse | undefined {
    const wait = this.#logins.wait({ ...unprovedOf(arrival), nonce });
    if (wait === 0) return undefined;
    const { request, message } = arrival;
    const about = { device: message.SyncHdr.Source.LocURI };
    this.#refused('delayed', request, about, 'credentials were not looked at: too many were wrong before (logins)');
    return this.#logins.refuse(wait);
  }

  #take(open: OpenSession, arrival: Arrival): Promise<DmResponse> {
    const { message, digest, request, device } = arrival;
    const { authenticated } = open.session;
    const exchange = { digest, answer: Promise.resolve<DmResponse>({ status: 500 }) };
    open.last = exchange;
    exchange.answer = open.session.receive(message, request.body.length);
    const { proved } = open.session;
    if (!authenticated) this.#logins.judged(unprovedOf(arrival), { proved, exists: device !== undefined });
    return exchange.answer;
  }

  #open(path: string, arrival: Arrival): OpenSession {
    const { codec, device, digest } = arrival;
    // The session lives longer than the request: its body is not kept with it.
    const { remoteAddress: address, encrypted } = arrival.request;
    const id = arrival.message.SyncHdr.Source.LocURI;
    const token = this.#env.entropy.token();
    const meter = new SessionMeter({
      id: `south-${token.slice(0, 8)}`,
      leg: 'south',
      device: id,
      serverId: this.#env.settings.serverId,
      startedAt: this.#env.clock.now(),
    });
    const { sessions, alerts } = this.#options;
    let open: OpenSession | undefined;
    const current = () => open?.last?.digest ?? digest;
    const session: SouthSession = new SouthSession(this.#env, {
      leg: `south/${id}`,
      codec,
      meter,
      server: this.#serverSetup(this.#url(encrypted) + path, token, arrival),
      judge: (said) => (device === undefined ? [] : alerts.judge(said, { device, sessionId: session.sessionId, digest: current() })),
      putOff: () => (device === undefined ? 0 : this.#putOff(device, address)),
      onAuthenticated: (mine) => this.#begin(open, device, mine, address),
      onAnswer: (answer) => {
        // A challenge is no answer to what the message asked for: it comes again, and must be known then.
        if (session.authenticated) alerts.answered(id, current(), answer);
      },
      onEnd: (_mine, reason, detail) => {
        const more = detail === undefined ? {} : { detail };
        noteEnded(this.#env, { leg: 'south', device: id, serverId: this.#env.settings.serverId, reason, ...more });
        this.#log.info({ device: id, reason, detail, address }, 'the session of a device has ended');
        if (open !== undefined) sessions.remove(open);
      },
    });
    open = { token, device: id, session };
    return open;
  }

  #putOff(device: DeviceSummary, remoteAddress: string): Milliseconds {
    const wait = this.#options.putOff(device);
    const message = 'a device was told to come later: its DM server is away or just back, and many devices come at once';
    if (wait > 0) this.#refused('put-off', { remoteAddress }, { device: device.id }, message);
    return wait;
  }

  #begin(open: OpenSession | undefined, device: DeviceSummary | undefined, session: SouthSession, address: string): void {
    if (open === undefined || device === undefined) throw new Error('a stranger was authenticated');
    this.#options.sessions.promote(open);
    this.#options.converse(device, session, address).catch((error: unknown) => {
      this.#log.error({ device: device.id, err: error }, 'the conversation with a device failed');
      session.abort('an error in the gateway');
    });
  }

  #url(encrypted: boolean): string {
    const { southUrl, southPlainUrl } = this.#env.settings;
    return encrypted ? southUrl() : (southPlainUrl?.() ?? southUrl());
  }

  #serverSetup(uri: string, token: string, { message, device, south }: Arrival): SouthSetup['server'] {
    const { settings, store } = this.#env;
    const leg = `south/${message.SyncHdr.Source.LocURI}`;
    const { scheme, userName, clientSecret, serverSecret } = asked(south);
    return {
      own: { uri, name: settings.serverId },
      respUri: uri + sessionPath + token,
      offer: settings.offer,
      clientAuth: peerAuth({ scheme, identity: { userName, secret: clientSecret } }, device && store.nonces.get(leg, 'client')),
      ...(serverSecret === undefined
        ? {}
        : { ownAuth: ownAuth(scheme, { userName: settings.serverId, secret: serverSecret }, store.nonces.get(leg, 'server')) }),
    };
  }
}

/** One message with all that is known of it. */
interface Arrival {
  readonly request: DmRequest;
  readonly codec: Codec;
  readonly message: SyncMLMessage;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  readonly device: DeviceSummary | undefined;
  /** What is asked of somebody who has not proved themselves yet. */
  readonly south: SouthCredentials | undefined;
}

/** A device that has its sessions with us; one in another mode or in quarantine is none of ours here, as a stranger is. */
function proxied<D extends DeviceSummary>(device: D | undefined): D | undefined {
  return device?.mode === 'proxy' && device.presence !== 'quarantined' ? device : undefined;
}

function unprovedOf({ message, request, south }: Arrival) {
  return { message, address: request.remoteAddress, south: asked(south) };
}

function asked(south: SouthCredentials | undefined): SouthCredentials {
  if (south === undefined) throw new Error('a session that is proved was asked for proof');
  return south;
}
