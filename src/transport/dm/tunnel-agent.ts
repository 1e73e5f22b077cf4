import { request as httpRequest } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { PosternError } from '#src/base/index.js';

/** A forward proxy that connections go through. */
export interface ProxyAddress {
  /** Its http or https URL, without credentials. */
  readonly url: URL;
  /** What we show it, as the value of Proxy-Authorization. */
  readonly authorization?: string;
}

/** Reads `http://user:password@host:port`. @throws PosternError `wire.address` */
export function parseProxy(text: string): ProxyAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    const what = 'a proxy is written as http://user:password@host:port';
    throw new PosternError('wire.address', { url: url === undefined ? 'the proxy' : url.host, what });
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '') return { url };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

type Created = (error: Error | null, socket: Duplex) => void;

/** Opens TLS connections in tunnels through a forward proxy. @see RFC 9110 § 9.3.6 */
export class TunnelAgent extends HttpsAgent {
  readonly #proxy: ProxyAddress;
  readonly #tls: ConnectionOptions;
  readonly #open = new Set<Socket>();

  /** @param tls for the proxy itself, where it speaks TLS */
  constructor(options: AgentOptions, proxy: ProxyAddress, tls: ConnectionOptions) {
    super(options);
    this.#proxy = proxy;
    this.#tls = tls;
  }

  // Node calls it; its types do not know that the socket may come later.
  override createConnection(options: ConnectionOptions, created: Created): undefined {
    const failed = (error: Error) => created(error, undefined as never);
    this.#tunnelTo(`${bracketed(options.host ?? '')}:${options.port}`, failed, (socket) =>
      created(null, connectionMaker.createConnection({ ...options, socket })),
    );
    return undefined;
  }

  override destroy(): void {
    for (const socket of this.#open) socket.destroy();
    super.destroy();
  }

  #tunnelTo(authority: string, failed: (error: Error) => void, opened: (socket: Socket) => void): void {
    const { url, authorization } = this.#proxy;
    const headers = { Host: authority, ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }) };
    const options = { method: 'CONNECT', host: hostOf(url), port: portOf(url), path: authority, headers, agent: false as const };
    const asking = url.protocol === 'https:' ? httpsRequest({ ...options, ...this.#tls }) : httpRequest(options);
    asking.once('socket', (socket: Socket) => this.#keep(socket));
    asking.once('error', failed);
    asking.once('response', ({ statusCode = 0 }) => {
      asking.destroy();
      failed(refusedBy(url, statusCode));
    });
    asking.once('connect', ({ statusCode = 0 }, socket: Socket, early: Buffer) => {
      if (statusCode === 200 && early.byteLength === 0) return opened(socket);
      socket.destroy();
      failed(refusedBy(url, statusCode));
    });
    asking.end();
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }
}

/** Makes a TLS connection on a socket, as node's own agent does; its types do not tell of it. */
const connectionMaker = new HttpsAgent() as unknown as { createConnection(options: ConnectionOptions): Duplex };

function refusedBy({ host }: URL, status: number): PosternError {
  return new PosternError('wire.refused', { address: host, why: `the proxy answered ${status}` });
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
