import type { Destination } from '#src/gateway/index.js';
import { valuesOf } from '../http/http-message.js';
import { connectionNames, inspectAmbiguity, type Refusal, type RequestHead, refuseExpectation, single } from '../http/request-head.js';

/** What a request asks the forward proxy for. */
export interface ProxyTarget extends Destination {
  /** Path and query for the server; a tunnel has none. */
  readonly path?: string;
}

const httpPort = 80;
const bodyless = ['GET', 'HEAD'];
const methods = [...bodyless, 'POST', 'PUT'];
/** What Connection could take away with an effect: who asks, and how the message is read. */
const notToBeTaken = [...single, 'authorization', 'cookie'];
const authority = String.raw`([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?`;
const absoluteForm = new RegExp(String.raw`^http://${authority}((?:[/?][\x21\x22\x24-\x5b\x5d-\x7e]*)?)$`, 'i');
const authorityForm = new RegExp(`^${authority}$`);

/**
 * Where a request leads, or why it is refused: absolute form with http for messages, authority form for CONNECT, and a Host that
 * says the same.
 * @see RFC 9112 § 3.2.2, § 3.2.3; RFC 9110 § 9.3.6
 */
export function readProxyTarget(head: RequestHead): ProxyTarget | Refusal {
  const refusal = inspectAmbiguity(head) ?? refuseConnection(head);
  if (refusal !== undefined) return refusal;
  const target = head.method === 'CONNECT' ? readTunnel(head) : readMessage(head);
  if ('status' in target) return target;
  return agreesWithHost(target, head) ? target : { status: 400, why: 'Host names another place than the target' };
}

function refuseConnection({ fields }: RequestHead): Refusal | undefined {
  const taken = connectionNames(fields).find((name) => notToBeTaken.includes(name));
  return taken === undefined ? undefined : { status: 400, why: `Connection names ${taken}` };
}

function readTunnel({ target, fields }: RequestHead): ProxyTarget | Refusal {
  if (hasLength(fields)) return { status: 400, why: 'CONNECT with a body' };
  const [, host, port] = authorityForm.exec(target) ?? [];
  const place = port === undefined ? undefined : placeOf(host, port);
  return place ?? { status: 400, why: 'target of CONNECT is no host and port' };
}

function readMessage(head: RequestHead): ProxyTarget | Refusal {
  const { method, target, fields } = head;
  const [whole, host, port, path = ''] = absoluteForm.exec(target) ?? [];
  const place = whole === undefined ? undefined : placeOf(host, port);
  if (place === undefined) return { status: 400, why: 'target is no absolute http address' };
  if (!methods.includes(method)) return { status: 405, why: `method ${method}`, fields: ['Allow', [...methods, 'CONNECT'].join(', ')] };
  if (bodyless.includes(method) && hasLength(fields)) return { status: 400, why: `${method} with a body` };
  if (!bodyless.includes(method) && !hasLength(fields)) return { status: 411, why: 'neither Content-Length nor Transfer-Encoding' };
  return refuseExpectation(head) ?? { ...place, path: path.startsWith('/') ? path : `/${path}` };
}

function hasLength(fields: RequestHead['fields']): boolean {
  return valuesOf(fields, 'content-length').length > 0 || valuesOf(fields, 'transfer-encoding').length > 0;
}

/** Names are compared in lower case, IPv6 addresses in their shortest form. */
function placeOf(host = '', port = String(httpPort)): ProxyTarget | undefined {
  const number = Number(port);
  if (number < 1 || number > 65_535) return undefined;
  if (!host.startsWith('[')) return { host: host.toLowerCase(), port: number };
  return URL.canParse(`http://${host}`) ? { host: new URL(`http://${host}`).hostname.slice(1, -1), port: number } : undefined;
}

function agreesWithHost(target: ProxyTarget, { fields, method }: RequestHead): boolean {
  const [value] = valuesOf(fields, 'host');
  if (value === undefined) return true; // HTTP/1.0
  const [, host, port] = authorityForm.exec(value) ?? [];
  // Some clients leave the port of a tunnel out.
  const named = host === undefined ? undefined : placeOf(host, port ?? (method === 'CONNECT' ? String(target.port) : undefined));
  return named?.host === target.host && named.port === target.port;
}
