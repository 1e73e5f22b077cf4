import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { endToEnd } from './hop-by-hop.js';
import { type Fields, valuesOf } from './http-message.js';
import type { IdleWatch } from './idle-watch.js';
import type { ProxyTarget } from './proxy-target.js';
import type { Refusal } from './request-head.js';

export interface RelayEnds {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** A connection of this request alone. */
  readonly upstream: Socket;
  readonly target: ProxyTarget;
  readonly idle: IdleWatch;
}

/** Who passed a message on, without telling our name. @see RFC 9110 § 7.6.3 */
const via = '1.1 postern';
const maxHeaderBytes = 16 * 1024;

/**
 * Passes one request on and its answer back, each as it comes. The connection is closed behind the answer, so whatever the server
 * says besides it is read by nobody.
 * @returns why there is no answer; undefined once the answer's head is on its way
 */
export async function relay(ends: RelayEnds): Promise<Refusal | undefined> {
  const { request, response, upstream, idle } = ends;
  // Also when the request is cut short, by its peer or by the parser: an end would make half a message a whole one.
  response.once('close', () => upstream.destroy());
  if (await talksUnasked(upstream)) {
    upstream.destroy();
    return { status: 502, why: 'the server spoke before it was asked' };
  }
  if (upstream.destroyed) return { status: 502, why: 'the connection broke' };
  const outgoing = open(ends);
  request.on('data', () => idle.touch());
  if (request.headers.expect !== undefined) response.writeContinue();
  request.pipe(outgoing);
  const incoming = await answerOf(outgoing);
  if ('status' in incoming) return incoming;
  const refusal = refuseAnswer(incoming);
  if (refusal !== undefined) upstream.destroy();
  else passBack(incoming, ends);
  return refusal;
}

/** A server that speaks HTTP has nothing to say yet. A whole turn of the loop delivers what lies unread in the kernel. */
async function talksUnasked(upstream: Socket): Promise<boolean> {
  await immediate();
  await immediate();
  return upstream.bytesRead > 0;
}

function open({ request, upstream, target }: RelayEnds): ClientRequest {
  return httpRequest({
    createConnection: () => upstream,
    method: request.method ?? '',
    path: target.path ?? '/',
    headers: fieldsFor(target, request),
    setHost: false,
    maxHeaderSize: maxHeaderBytes,
    insecureHTTPParser: false,
  });
}

/** Rebuilt from what was parsed: one Host, one length. */
function fieldsFor({ host, port }: ProxyTarget, { rawHeaders }: IncomingMessage): string[] {
  const [length] = valuesOf(rawHeaders, 'content-length');
  const chunked = valuesOf(rawHeaders, 'transfer-encoding').length > 0;
  const name = host.includes(':') ? `[${host}]` : host;
  return [
    ...['Host', port === 80 ? name : `${name}:${port}`],
    ...endToEnd(rawHeaders, 'host', 'content-length'),
    ...(length === undefined ? [] : ['Content-Length', length]),
    ...(chunked ? ['Transfer-Encoding', 'chunked'] : []),
    ...['Via', via],
    ...['Connection', 'close'],
  ];
}

function answerOf(outgoing: ClientRequest): Promise<IncomingMessage | Refusal> {
  return new Promise((resolve) => {
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => resolve({ status: 502, why: error.message }));
    outgoing.once('close', () => resolve({ status: 502, why: 'the server closed the connection' }));
  });
}

/** What two readers could understand differently is not passed back either. */
function refuseAnswer({ httpVersion, rawHeaders, statusCode = 0 }: IncomingMessage): Refusal | undefined {
  const codings = valuesOf(rawHeaders, 'transfer-encoding');
  const odd = codings.some((coding) => coding.toLowerCase() !== 'chunked') || (codings.length > 0 && httpVersion !== '1.1');
  if (odd || codings.length > 1) return { status: 502, why: 'the answer has a transfer coding of its own' };
  if (valuesOf(rawHeaders, 'content-length').length > 1) return { status: 502, why: 'the answer has two lengths' };
  return statusCode < 200 ? { status: 502, why: `the answer has the status ${statusCode}` } : undefined;
}

function passBack(incoming: IncomingMessage, { response, idle }: RelayEnds): void {
  const { statusCode = 502, statusMessage = '', rawHeaders } = incoming;
  const fields: Fields = [...endToEnd(rawHeaders), 'Via', via, 'Connection', 'close'];
  response.sendDate = false;
  response.writeHead(statusCode, statusMessage, [...fields]);
  response.flushHeaders();
  incoming.on('data', () => idle.touch());
  // An answer cut short stays visibly cut short.
  incoming.once('error', () => response.destroy());
  incoming.pipe(response);
}
