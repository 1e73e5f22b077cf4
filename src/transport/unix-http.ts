import { lstatSync, mkdirSync, rmSync, type Stats, statSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { dirname } from 'node:path';
import { type Counters, type Log, type Milliseconds, PosternError, systemClock } from '#src/base/index.js';
import { countRefusedConnection } from './http/http-door.js';
import { createStrictServer } from './http/strict-server.js';

/** Answers a request of the Fetch standard, as Hono's applications do. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

export interface LocalServer {
  /** Stops listening, lets requests under way end for as long as `grace`, then destroys what is left. */
  close(grace: Milliseconds): Promise<void>;
}

export interface UnixServerOptions {
  /** Path of the socket; its folder is made when it is missing (0700). */
  readonly socket: string;
  readonly fetch: FetchHandler;
  readonly log: Log;
}

/**
 * Serves HTTP on a Unix socket that only our own user can open (0600). A socket that a dead process left is replaced.
 * @throws PosternError `wire.socket` when a live process serves it, or when its place cannot be trusted or used
 */
export async function serveUnix({ socket, fetch, log }: UnixServerOptions): Promise<LocalServer> {
  checkPath(socket);
  prepareFolder(socket);
  await clearStale(socket);
  const server = createStrictServer(limits, listenerOf(fetch, log));
  await listenPrivately(server, socket);
  return { close: (grace) => closeServer(server, grace) };
}

export interface HealthServerOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly fetch: FetchHandler;
  readonly log: Log;
  /** Absent: what is closed unheard is not counted. */
  readonly counters?: Counters;
}

/**
 * Passes `GET /healthz`, `/readyz` and `/metrics` on a loopback port, and nothing else, to the handler; nor what was asked of another host: a
 * page in a browser on this machine must not read it by a name of its own that leads here.
 * @throws PosternError `wire.listen` when the port cannot be had
 */
export async function serveHealth({ port, fetch, log, counters }: HealthServerOptions): Promise<LocalServer & { readonly port: number }> {
  const listener = listenerOf(fetch, log);
  const server = createStrictServer(limits, (request, response) => {
    if (!isLoopback(request.headers.host)) response.writeHead(421, { connection: 'close', 'content-length': 0 }).end();
    else if (request.method === 'GET' && questions.has(request.url ?? '')) listener(request, response);
    else response.writeHead(404, { connection: 'close', 'content-length': 0 }).end();
  });
  server.maxConnections = healthConnections;
  if (counters !== undefined) server.on('drop', () => countRefusedConnection({ counters, door: 'health' }));
  await listenOn(server, port);
  return { port: (server.address() as AddressInfo).port, close: (grace) => closeServer(server, grace) };
}

const limits = { maxHeaderSize: 8 * 1024, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };
const healthConnections = 16;
const questions: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** What fits into a socket's address on Linux, its terminating zero left out. */
const pathLimit = 107;

function isLoopback(host = ''): boolean {
  return loopbackHosts.has(host.replace(/:\d+$/, '').toLowerCase());
}

/** The adapter between the two styles is loaded with the first request: a gateway that nobody asks does without it. */
function listenerOf(fetch: FetchHandler, log: Log): RequestListener {
  let loaded: Promise<(...parts: Parameters<RequestListener>) => unknown> | undefined;
  const load = async () => {
    const { getRequestListener } = await import('@hono/node-server');
    return getRequestListener((request) => fetch(request), { overrideGlobalObjects: false });
  };
  return (request, response) => {
    loaded ??= load();
    loaded
      .then((listener) => listener(request, response))
      .catch((error) => {
        log.error({ err: error }, 'a local request could not be answered');
        response.destroy();
      });
  };
}

function checkPath(socket: string): void {
  const bytes = Buffer.byteLength(socket);
  if (bytes > pathLimit) throw refused(socket, `its path has ${bytes} bytes and may have ${pathLimit}. Choose a shorter state directory.`);
}

/** Whoever may write the folder could put a socket of their own in our place. */
function prepareFolder(socket: string): void {
  const folder = dirname(socket);
  const status = attempt(socket, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return statSync(folder);
  });
  const ours = status.uid === process.geteuid?.() && (status.mode & 0o022) === 0;
  if (!ours) throw refused(socket, `others can write ${folder}. Give it to this user alone (chmod 0700).`);
}

async function clearStale(socket: string): Promise<void> {
  const status: Stats | undefined = attempt(socket, () => lstatSync(socket, { throwIfNoEntry: false }));
  if (status === undefined) return;
  if (!status.isSocket()) throw refused(socket, 'something that is not a socket is in its place. Move it away.');
  if (await answers(socket)) throw refused(socket, 'a running program serves it. Stop that one first, or use another state directory.');
  attempt(socket, () => rmSync(socket, { force: true }));
}

/** Whether a live process accepts connections there. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else if (error.code === 'EAGAIN')
        resolve(true); // its queue is full: somebody holds it
      else reject(refused(socket, `${error.message}.`, error));
    });
  });
}

async function listenPrivately(server: Server, socket: string): Promise<void> {
  const listening = started(server, (error) => refused(socket, `${error.message}.`, error));
  // The socket is made before `listen` returns: under this mask it is never open to others, not even for a moment.
  const mask = process.umask(0o177);
  server.listen(socket);
  process.umask(mask);
  await listening;
}

function listenOn(server: Server, port: number): Promise<void> {
  const listening = started(
    server,
    (error) => new PosternError('wire.listen', { address: `127.0.0.1:${port}`, why: error.message }, { cause: error }),
  );
  server.listen(port, '127.0.0.1');
  return listening;
}

function started(server: Server, failure: (error: Error) => PosternError): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error) => reject(failure(error)));
  });
}

function closeServer(server: Server, grace: Milliseconds): Promise<void> {
  return new Promise((resolve) => {
    const timer = systemClock.timer('local server grace', grace, () => server.closeAllConnections());
    server.close(() => {
      timer.cancel();
      resolve();
    });
  });
}

function attempt<T>(socket: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw refused(socket, `${(error as Error).message}.`, error);
  }
}

function refused(socket: string, why: string, cause?: unknown): PosternError {
  return new PosternError('wire.socket', { socket, why }, { cause });
}
