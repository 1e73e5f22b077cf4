import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { type Milliseconds, PosternError } from '#src/base/index.js';

export interface UnixRequest {
  /** Path of the socket. */
  readonly socket: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** From connecting to the last byte of the answer. */
  readonly timeout: Milliseconds;
}

export interface UnixReply {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly json: unknown;
}

/**
 * One HTTP exchange in JSON over a Unix socket.
 * @throws the system's error as it is, by `code`: `ENOENT` and `ECONNREFUSED` when nothing serves the socket, `ETIMEDOUT` when there is
 *   no complete answer in time (the caller knows which program to start)
 * @throws PosternError `control.not-permitted`, or `control.bad-answer` when the answer is not JSON, is too large or breaks off
 */
export async function unixRequest(request: UnixRequest): Promise<UnixReply> {
  const expired = AbortSignal.timeout(request.timeout);
  try {
    const incoming = await send(request, expired);
    const text = await readText(incoming, request);
    return { status: incoming.statusCode ?? 0, json: text === '' ? undefined : parseJson(text, request) };
  } catch (error) {
    if (expired.aborted) throw Object.assign(new Error('no answer in time', { cause: error }), { code: 'ETIMEDOUT' });
    throw explained(error, request);
  }
}

/** The largest answer in bytes. */
const answerLimit = 32 * 1024 * 1024;

function send(request: UnixRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const text = request.body === undefined ? '' : JSON.stringify(request.body);
  const content = text === '' ? {} : { 'content-type': 'application/json' };
  const headers = { host: 'localhost', accept: 'application/json', 'content-length': Buffer.byteLength(text), ...content };
  const options: RequestOptions = { socketPath: request.socket, method: request.method, path: request.path, headers, agent: false, signal };
  return new Promise((resolve, reject) => {
    httpRequest(options).once('response', resolve).once('error', reject).end(text);
  });
}

async function readText(incoming: IncomingMessage, request: UnixRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > answerLimit) throw badAnswer(request, `it is larger than ${answerLimit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string, request: UnixRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer(request, 'it is not JSON', cause);
  }
}

function explained(error: unknown, request: UnixRequest): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return new PosternError('control.not-permitted', { socket: request.socket }, { cause: error });
  if (code === 'ECONNRESET' || code === 'EPIPE') return badAnswer(request, 'it breaks off', error);
  return error;
}

function badAnswer({ socket, method, path }: UnixRequest, what: string, cause?: unknown): PosternError {
  return new PosternError('control.bad-answer', { socket, method, path, what }, { cause });
}
