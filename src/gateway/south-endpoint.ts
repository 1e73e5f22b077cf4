import { createHash } from 'node:crypto';
import { isPosternError, type Log } from '#src/base/index.js';
import { ownAuth, peerAuth } from '#src/dm/session/index.js';
import { type Codec, codecFor, type SyncMLMessage } from '#src/dm/syncml/index.js';
import type { DeviceAlerts } from './device-alerts.js';
import type { Environment } from './environment.js';
import type { DeviceRecord } from './ports.js';
import { SessionMeter } from './session-meter.js';
import { SouthSession, type SouthSetup } from './south-session.js';
import type { OpenSession, SouthSessions } from './south-sessions.js';
import { unknownSessionAnswer } from './unknown-session.js';
import type { DmRequest, DmResponse } from './wire.js';

export interface SouthEndpointOptions {
  readonly env: Environment;
  readonly sessions: SouthSessions;
  readonly alerts: DeviceAlerts;
  /** Runs what a device that has proved itself opened its session for. */
  readonly converse: (device: DeviceRecord, session: SouthSession, address: string) => Promise<void>;
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

  constructor(options: SouthEndpointOptions) {
    this.#options = options;
    this.#env = options.env;
    this.#log = options.env.log;
  }

  /** Whether a path is ours. */
  accepts(path: string): boolean {
    return this.#place(path) !== undefined;
  }

  async handle(request: DmRequest): Promise<DmResponse> {
    const place = this.#place(request.path);
    if (place === undefined) return { status: 404 };
    const codec = codecFor(request.contentType);
    if (codec === undefined) return { status: 415, close: true };
    const digest = createHash('sha256').update(request.body).digest('hex');
    const last = this.#options.sessions.lastExchange(place.token);
    if (last?.digest === digest) return last.answer;
    const message = this.#decode(codec, request);
    if ('status' in message) return message;
    if (place.token === undefined) return this.#receiveFirst(place.path, codec, message, request, digest);
    const open = this.#options.sessions.find(place.token);
    if (open === undefined || open.device !== message.SyncHdr.Source.LocURI) {
      this.#log.warn(
        { device: message.SyncHdr.Source.LocURI, address: request.remoteAddress },
        'a message came for a session that is not open',
      );
      return unknownSessionAnswer(codec, message);
    }
    return this.#receive(open, message, digest);
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
      return codec.decode(request.body, this.#env.settings.decode);
    } catch (error) {
      if (!isPosternError(error)) throw error;
      this.#log.warn({ address: request.remoteAddress, code: error.code, ...error.details }, 'a message was refused');
      return { status: error.status === 413 ? 413 : 400, close: true };
    }
  }

  /** Package 1, or a repeat of the last message of a session that we have forgotten. */
  async #receiveFirst(path: string, codec: Codec, message: SyncMLMessage, request: DmRequest, digest: string): Promise<DmResponse> {
    const id = message.SyncHdr.Source.LocURI;
    const device = this.#env.store.inventory.get(id);
    if (!request.encrypted && device?.allowPlainHttp !== true) return this.#refusePlain(id, request);
    if (!request.encrypted) this.#log.warn({ device: id }, 'a device shows its credentials over plain http, as its policy allows');
    const repeated = this.#repeated(id, digest);
    if (repeated !== undefined) return repeated;
    const challenged = Number(message.SyncHdr.MsgID) > 1 ? this.#options.sessions.challenged(id, message.SyncHdr.SessionID) : undefined;
    if (challenged !== undefined) return this.#receive(challenged, message, digest);
    const open = this.#open(path, codec, id, device, request, digest);
    if (!this.#options.sessions.add(open)) {
      this.#log.warn({ device: id, limit: this.#env.settings.maxSessions }, 'a session was refused: too many are open (limits.sessions)');
      return { status: 503, headers: { 'Retry-After': '30' }, close: true };
    }
    return this.#receive(open, message, digest);
  }

  #refusePlain(device: string, { remoteAddress }: DmRequest): DmResponse {
    this.#log.warn({ device, address: remoteAddress }, 'a device came over plain http without leave (allowPlainHttp); it was refused');
    return { status: 403, close: true };
  }

  #repeated(device: string, digest: string): Promise<DmResponse> | DmResponse | undefined {
    const last = this.#options.sessions.lastExchange(undefined, device);
    return last?.digest === digest ? last.answer : this.#options.alerts.storedAnswer(device, digest);
  }

  #receive(open: OpenSession, message: SyncMLMessage, digest: string): Promise<DmResponse> | DmResponse {
    if (open.session.busy) return { status: 503, headers: { 'Retry-After': '1' } };
    const exchange = { digest, answer: Promise.resolve<DmResponse>({ status: 500 }) };
    open.last = exchange;
    exchange.answer = open.session.receive(message);
    return exchange.answer;
  }

  #open(path: string, codec: Codec, id: string, device: DeviceRecord | undefined, request: DmRequest, digest: string): OpenSession {
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
      server: this.#serverSetup(`${path}${sessionPath}${token}`, id, device),
      judge: (said) => (device === undefined ? [] : alerts.judge(said, { device, sessionId: session.sessionId, digest: current() })),
      onAuthenticated: (mine) => this.#begin(open, device, mine, request),
      onAnswer: (answer) => alerts.answered(id, current(), answer),
      onEnd: (_mine, reason, detail) => {
        this.#log.info({ device: id, reason, detail, address: request.remoteAddress }, 'the session of a device has ended');
        if (open !== undefined) sessions.remove(open);
      },
    });
    open = { token, device: id, session };
    return open;
  }

  #begin(open: OpenSession | undefined, device: DeviceRecord | undefined, session: SouthSession, request: DmRequest): void {
    if (open === undefined || device === undefined) throw new Error('a stranger was authenticated');
    this.#options.sessions.promote(open);
    this.#options.converse(device, session, request.remoteAddress).catch((error: unknown) => {
      this.#log.error({ device: device.id, err: error }, 'the conversation with a device failed');
      session.abort('an error in the gateway');
    });
  }

  /** A stranger is treated as a device whose password nobody knows, so that nobody learns who is known here. */
  #serverSetup(respPath: string, id: string, device: DeviceRecord | undefined): SouthSetup['server'] {
    const { settings, store, entropy } = this.#env;
    const leg = `south/${id}`;
    const stranger = { scheme: 'md5', userName: id, clientSecret: { kind: 'digest', value: entropy.nonce() } } as const;
    const south = device?.mode === 'proxy' ? device.south : stranger;
    const identity = { userName: south.userName, secret: south.clientSecret };
    const serverSecret = 'serverSecret' in south ? south.serverSecret : undefined;
    const url = settings.southUrl();
    return {
      own: { uri: url + respPath.slice(0, respPath.lastIndexOf(sessionPath)), name: settings.serverId },
      respUri: url + respPath,
      offer: settings.offer,
      clientAuth: peerAuth({ scheme: south.scheme, identity }, device && store.nonces.get(leg, 'client')),
      ...(serverSecret === undefined
        ? {}
        : { ownAuth: ownAuth(south.scheme, { userName: settings.serverId, secret: serverSecret }, store.nonces.get(leg, 'server')) }),
    };
  }
}
