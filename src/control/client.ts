import { type Milliseconds, PosternError } from '#src/base/index.js';
import { controlOperations } from './contract.js';
import { parseError } from './error-body.js';
import { type RawInput, readInput, splitInput } from './input.js';
import type { Client, Operation, Operations } from './operation.js';
import type { ControlClient, SmallServerClient } from './service.js';
import { smallServerOperations } from './small-server-contract.js';
import { unixRequest } from './unix-client.js';

interface ClientOptions {
  /** Path of the Unix socket. */
  readonly socket: string;
  /** How long one answer may take, where the operation does not say. */
  readonly timeout?: Milliseconds;
}

const defaultTimeout = 10_000;

/** A gateway at the other end of its control socket. @throws PosternError `control.*` from every method */
export function createControlClient(options: ClientOptions): ControlClient {
  return createClient(controlOperations, options, 'postern run');
}

/** A small DM server at the other end of its socket. @throws PosternError `control.*` from every method */
export function createSmallServerClient(options: ClientOptions): SmallServerClient {
  return createClient(smallServerOperations, options, 'postern server');
}

function createClient<T extends Operations>(operations: T, options: ClientOptions, start: string): Client<T> {
  const methods = Object.entries(operations).map(([name, operation]) => [
    name,
    (input: object = {}) => call(operation, input, { timeout: defaultTimeout, ...options, start }),
  ]);
  return Object.fromEntries(methods) as Client<T>;
}

interface Callee extends Required<ClientOptions> {
  /** The command that would start what is called. */
  readonly start: string;
}

async function call(operation: Operation, input: object, callee: Callee): Promise<unknown> {
  const raw = splitInput(operation, input);
  readInput(operation, raw);
  const path = pathOf(operation, raw);
  const { status, json } = await send(operation, path, raw, callee);
  const isAnswer = status < 400 || (status === 503 && operation.statusOf !== undefined && parseError(json) === undefined);
  if (!isAnswer) throw parseError(json) ?? badAnswer(operation, path, callee, `status ${status}`);
  if (operation.answer === undefined) return undefined;
  const answer = operation.answer.safeParse(json);
  if (!answer.success) throw badAnswer(operation, path, callee, answer.error.issues[0]?.path.join('.') ?? 'its form');
  return answer.data;
}

async function send(operation: Operation, path: string, raw: RawInput, callee: Callee) {
  const { socket } = callee;
  const timeout = timeoutOf(operation, raw, callee);
  try {
    return await unixRequest({ socket, method: operation.method, path, timeout, ...(raw.body === undefined ? {} : { body: raw.body }) });
  } catch (cause) {
    throw explained(cause, { socket, path, method: operation.method, seconds: timeout / 1000, start: callee.start });
  }
}

/** An answer that is asked to wait may take that much longer. */
function timeoutOf(operation: Operation, raw: RawInput, callee: Callee): Milliseconds {
  return (operation.timeout ?? callee.timeout) + Number(raw.query['wait'] ?? 0) * 1000;
}

function explained(cause: unknown, details: Record<string, string | number>): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return new PosternError('control.not-running', details, { cause });
  if (code === 'ETIMEDOUT') return new PosternError('control.timeout', details, { cause });
  return cause;
}

function pathOf(operation: Operation, raw: RawInput): string {
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(raw.params[name])));
  const query = new URLSearchParams(Object.entries(raw.query).map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query === '' ? path : `${path}?${query}`;
}

function badAnswer(operation: Operation, path: string, callee: Callee, what: string): PosternError {
  return new PosternError('control.bad-answer', { socket: callee.socket, method: operation.method, path, what });
}
