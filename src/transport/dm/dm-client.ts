import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type Clock, type Log, PosternError, systemClock } from '#src/base/index.js';
import type { DmClient, DmClientFactory, DmPost, DmReply } from '#src/gateway/index.js';
import type { Fields } from '../http/http-message.js';
import type { LegRecorder } from '../recorder.js';
import { isReset, wireFailure } from '../wire-failure.js';
import { hostOf, type ProxyAddress, parseProxy, portOf, TunnelAgent } from './tunnel-agent.js';

export interface DmClientOptions {
  /** Trust, and a client certificate where there is one. Names and chains are checked whatever it says. */
  readonly tls: ConnectionOptions;
  readonly log: Log;
  readonly recorder?: LegRecorder;
  /** The forward proxy to go through, as `http://user:password@host:port`; absent: none. */
  readonly proxy?: string;
  /** The largest body of an answer in bytes. */
  readonly maxResponseBytes: number;
  /** What we call ourselves; `Postern` unless set. */
  readonly userAgent?: string;
  readonly clock?: Clock;
}

/**
 * Opens connections that carry one DM session each and are never shared: what one peer sends too much cannot become another's answer.
 * @see OMA DM HTTP Binding 1.2
 */
export function createDmClient(options: DmClientOptions): DmClientFactory {
  const sessions = new Set<SessionConnection>();
  return {
    session() {
      const session = new SessionConnection(options, () => sessions.delete(session));
      sessions.add(session);
      return session;
    },
    close() {
      for (const session of sessions) session.close();
    },
  };
}

interface Target {
  readonly text: string;
  readonly url: URL;
  /** Host and port, for people. */
  readonly address: string;
}

/** One attempt at an exchange: what it needs to give up, and to know whether it may be tried again. */
interface Attempt {
  readonly target: Target;
  readonly post: DmPost;
  readonly stop: Stop;
}

/** Whether an exchange is to be given up, and why. Leaner than an AbortSignal: each message of each session has one. */
class Stop {
  reason: PosternError | undefined;
  /** Called when there is a reason. */
  onReason: (() => void) | undefined;

  because(reason: PosternError): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onReason?.();
  }
}

class SessionConnection implements DmClient {
  readonly #options: DmClientOptions;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #proxy: ProxyAddress | undefined;
  /** Of the last message; the next mostly goes to the same. */
  #target: Target | undefined;
  #origin = '';
  #agent: HttpAgent | undefined;
  #socket: Socket | undefined;
  #closed = false;
  /** Of the exchange under way. */
  #stop: Stop | undefined;
  /** Whether a byte from the peer can belong to an answer. */
  #expecting = false;
  /** Whether the peer has sent one since the request under way began. */
  #heard = false;

  constructor(options: DmClientOptions, onClose: () => void) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#onClose = onClose;
    this.#proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  }

  async post(post: DmPost): Promise<DmReply> {
    const target = this.#target?.text === post.url ? this.#target : parseTarget(post.url);
    this.#target = target;
    if (this.#stop !== undefined) throw new Error('A DM session posts one message at a time');
    if (this.#closed) throw new PosternError('wire.aborted', { address: target.address });
    const stop = new Stop();
    this.#stop = stop;
    try {
      return await this.#withinTimeout({ post, target, stop });
    } finally {
      this.#stop = undefined;
    }
  }

  close(): void {
    this.#closed = true;
    this.#stop?.because(new PosternError('wire.aborted', { address: this.#target?.address ?? '' }));
    this.#disconnect();
    this.#onClose();
  }

  async #withinTimeout(attempt: Attempt): Promise<DmReply> {
    const { post, stop } = attempt;
    const { address } = attempt.target;
    const timer = this.#clock.timer('http exchange', post.timeout, () =>
      stop.because(new PosternError('wire.timeout', { address, seconds: post.timeout / 1_000 })),
    );
    const abort = () => {
      const reason: unknown = post.signal?.reason;
      stop.because(reason instanceof PosternError ? reason : new PosternError('wire.aborted', { address }));
    };
    post.signal?.addEventListener('abort', abort, { once: true });
    if (post.signal?.aborted) abort();
    try {
      return await this.#tryTwice(attempt);
    } catch (error) {
      this.#disconnect();
      throw stop.reason ?? wireFailure(error as Error, address);
    } finally {
      this.#expecting = false;
      timer.cancel();
      post.signal?.removeEventListener('abort', abort);
    }
  }

  /** A peer may close a kept connection just when we use it again: the same bytes go once more, on a fresh one. */
  async #tryTwice(attempt: Attempt): Promise<DmReply> {
    const kept = await this.#connectionKept(attempt.target);
    try {
      return await this.#attempt(attempt);
    } catch (error) {
      if (!kept || this.#heard || attempt.stop.reason !== undefined || !isReset(error as Error)) throw error;
      this.#options.log.debug({ address: attempt.target.address }, 'a kept connection was closed; sending once more');
      this.#disconnect();
      return this.#attempt(attempt);
    }
  }

  /** Whether the connection of the last message is still good for this target; else there is none afterwards. */
  async #connectionKept({ url }: Target): Promise<boolean> {
    if (url.origin !== this.#origin) this.#disconnect();
    this.#origin = url.origin;
    if (this.#socket === undefined) return false;
    // A whole turn of the loop delivers what lies unread in the kernel: a close, or bytes that nobody asked for. The first
    // immediate may run in the turn that has polled already.
    await immediate();
    await immediate();
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  #attempt(attempt: Attempt): Promise<DmReply> {
    return new Promise((resolve, reject) => {
      const { post, target, stop } = attempt;
      if (stop.reason !== undefined) throw stop.reason;
      const fields = fieldsOf(post, target.url, this.#options.userAgent);
      const outgoing = this.#open(target.url, fields);
      const giveUp = () => outgoing.destroy();
      stop.onReason = giveUp;
      this.#heard = false;
      this.#expecting = true;
      outgoing.once('socket', (socket) => this.#watch(socket));
      outgoing.on('error', reject);
      let answered = false;
      outgoing.once('response', (incoming) => {
        answered = true;
        this.#receive(incoming, target.address).then(resolve, reject);
      });
      outgoing.once('close', () => {
        if (stop.onReason === giveUp) stop.onReason = undefined;
        if (!answered) reject(new PosternError('wire.reset', { address: target.address }));
      });
      this.#options.recorder?.record('request', { startLine: `POST ${pathOf(target.url)} HTTP/1.1`, fields, body: post.body });
      outgoing.end(post.body);
    });
  }

  #open(url: URL, fields: Fields): ClientRequest {
    const secure = url.protocol === 'https:';
    if (!secure && this.#proxy !== undefined) return this.#openThrough(this.#proxy, url, fields);
    this.#agent ??= this.#newAgent(secure);
    const options = {
      agent: this.#agent,
      method: 'POST',
      host: hostOf(url),
      port: portOf(url),
      path: pathOf(url),
      headers: [...fields],
      maxHeaderSize: maxHeaderBytes,
      insecureHTTPParser: false,
    };
    return secure ? httpsRequest(options) : httpRequest(options);
  }

  /** Plain http goes to the proxy in absolute form. @see RFC 9112 § 3.2.2 */
  #openThrough({ url: proxy, authorization }: ProxyAddress, url: URL, fields: Fields): ClientRequest {
    const secure = proxy.protocol === 'https:';
    this.#agent ??= secure ? new HttpsAgent({ ...one, ...strict(this.#options.tls) }) : new HttpAgent(one);
    const options = {
      agent: this.#agent,
      method: 'POST',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: `${url.origin}${pathOf(url)}`,
      headers: [...fields, ...(authorization === undefined ? [] : ['Proxy-Authorization', authorization])],
      maxHeaderSize: maxHeaderBytes,
      insecureHTTPParser: false,
    };
    return secure ? httpsRequest(options) : httpRequest(options);
  }

  #newAgent(secure: boolean): HttpAgent {
    if (!secure) return new HttpAgent(one);
    const tls = strict(this.#options.tls);
    return this.#proxy === undefined ? new HttpsAgent({ ...one, ...tls }) : new TunnelAgent({ ...one, ...tls }, this.#proxy, tls);
  }

  /** Destroys the connection on a byte that comes while no answer is due. */
  #watch(socket: Socket): void {
    if (this.#socket === socket) return;
    this.#socket = socket;
    socket.on('data', () => {
      this.#heard = true;
      if (!this.#expecting) socket.destroy();
    });
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
  }

  async #receive(incoming: IncomingMessage, address: string): Promise<DmReply> {
    const body = await this.#readBody(incoming, address);
    const { statusCode: status = 0, statusMessage, httpVersion, rawHeaders: fields } = incoming;
    this.#options.recorder?.record('response', { startLine: `HTTP/${httpVersion} ${status} ${statusMessage}`, fields, body });
    this.#options.log.debug({ address, status, bytes: body.byteLength }, 'a message was answered');
    return {
      status,
      contentType: incoming.headers['content-type'],
      body,
      // Few look at them.
      get headers() {
        return plainHeaders(incoming);
      },
    };
  }

  #readBody(incoming: IncomingMessage, address: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const limit = this.#options.maxResponseBytes;
      const chunks: Buffer[] = [];
      let size = 0;
      const fail = (error: PosternError) => {
        reject(error);
        incoming.destroy();
      };
      const tooLarge = () => fail(new PosternError('wire.too-large', { address, limit }));
      const encoding = incoming.headers['content-encoding'] ?? 'identity';
      if (encoding.toLowerCase() !== 'identity')
        fail(new PosternError('wire.malformed', { address, what: `it is encoded as ${encoding}` }));
      if (Number(incoming.headers['content-length'] ?? 0) > limit) tooLarge();
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > limit) tooLarge();
        else chunks.push(chunk);
      });
      let ended = false;
      incoming.once('end', () => {
        ended = true;
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
      });
      incoming.once('error', reject);
      incoming.once('close', () => {
        if (!ended) reject(new PosternError('wire.reset', { address }));
      });
    });
  }

  #disconnect(): void {
    this.#agent?.destroy();
    this.#socket?.destroy();
    this.#agent = undefined;
    this.#socket = undefined;
  }
}

const maxHeaderBytes = 16 * 1024;
const one = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1 };

/** Chains and names are checked, and a check that the caller adds comes on top. */
function strict(tls: ConnectionOptions): ConnectionOptions {
  const further = tls.checkServerIdentity;
  return {
    minVersion: 'TLSv1.2',
    ...tls,
    rejectUnauthorized: true,
    checkServerIdentity: (host: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate) ?? further?.(host, certificate),
  };
}

function parseTarget(text: string): Target {
  const url = urlOf(text);
  if (url.username !== '' || url.password !== '') {
    throw new PosternError('wire.address', { url: url.host, what: 'credentials do not belong into an address' });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PosternError('wire.address', { url: text, what: 'it begins with neither http: nor https:' });
  }
  return { text, url, address: url.host };
}

/** Parses once: `URL.canParse` before would be twice. */
function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new PosternError('wire.address', { url: text, what: 'it is no URL' });
  }
}

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`;
}

function fieldsOf(post: DmPost, url: URL, userAgent = 'Postern'): Fields {
  const fields = ['Host', url.host, 'User-Agent', userAgent, 'Accept', post.accept, 'Accept-Encoding', 'identity'];
  fields.push('Content-Type', post.contentType);
  for (const [name, value] of Object.entries(post.headers ?? {})) fields.push(name, value);
  fields.push('Content-Length', String(post.body.byteLength), 'Connection', 'keep-alive');
  return fields;
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
