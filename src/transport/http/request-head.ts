import { type Fields, namesOf, valuesOf } from './http-message.js';

/** Start line and fields of a request as its parser saw them. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** `1.1` or `1.0`. */
  readonly version: string;
  readonly fields: Fields;
}

/** Why a request is answered without its handler, after which its connection is closed. */
export interface Refusal {
  readonly status: number;
  /** For the log, never for the peer. */
  readonly why: string;
  /** Extra fields of the answer. */
  readonly fields?: Fields;
}

/**
 * Refuses what the HTTP parser lets through although two readers could understand it differently, and what no DM client sends.
 * `bodyBytes` is the largest body in bytes.
 * @see RFC 9112 § 3.2, § 6.1, § 6.3, § 11.2
 */
export function inspectHead(head: RequestHead, bodyBytes: number): Refusal | undefined {
  return inspectAmbiguity(head) ?? firstRefusal(ofDmClients, head, bodyBytes);
}

/** The same for a poll: a GET without a body, and with one opinion at most about who asks. */
export function inspectPoll(head: RequestHead): Refusal | undefined {
  return inspectAmbiguity(head) ?? firstRefusal(ofPolls, head, 0);
}

/** The same for a server of our own that is asked in any method: origin form, and no field taken away. */
export function inspectPlain(head: RequestHead): Refusal | undefined {
  return inspectAmbiguity(head) ?? firstRefusal(ofAnybody, head, Number.POSITIVE_INFINITY);
}

/** Refuses only what two readers could understand differently, whoever the request is for. */
export function inspectAmbiguity(head: RequestHead): Refusal | undefined {
  return firstRefusal(ambiguities, head, Number.POSITIVE_INFINITY);
}

/** The path of a target in origin form: what stands before its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

type Rule = (head: RequestHead, bodyBytes: number) => Refusal | undefined;

const fieldLimit = 64;
/** Fields that frame or route a message, or say how its body is read: two of them are two opinions. */
export const single: readonly string[] = ['host', 'content-length', 'transfer-encoding', 'content-type', 'content-encoding', 'expect'];
/** What a Connection field may name; to name a framing field there would take it away for the next reader. */
const connectionOptions = new Set(['keep-alive', 'close', 'te', 'upgrade', 'http2-settings', 'proxy-connection']);

const ambiguities: readonly Rule[] = [
  ({ version }) => refuseIf(version !== '1.1' && version !== '1.0', 400, `HTTP/${version}`),
  ({ fields }) => refuseIf(fields.length / 2 > fieldLimit, 431, 'too many fields'),
  ({ fields }) =>
    refuseIf(
      namesOf(fields).some((name) => name.includes('_')),
      400,
      'underscore in a field name',
    ),
  ({ fields }) =>
    refuseIf(
      single.some((name) => valuesOf(fields, name).length > 1),
      400,
      'repeated framing field',
    ),
  refuseHost,
  refuseFraming,
];

const ofDmClients: readonly Rule[] = [refuseTarget, refuseConnection, refuseUnless('POST'), refuseBody, refuseExpectation];

const ofAnybody: readonly Rule[] = [refuseTarget, refuseConnection, refuseExpectation];

const ofPolls: readonly Rule[] = [
  refuseTarget,
  refuseConnection,
  refuseUnless('GET'),
  ({ fields }) => refuseIf(hasBody(fields), 413, 'a body where there is none'),
  ({ fields }) => refuseIf(valuesOf(fields, 'authorization').length > 1, 400, 'repeated Authorization'),
  ({ fields }) => refuseIf(valuesOf(fields, 'expect').length > 0, 417, 'an expectation without a body'),
];

function firstRefusal(rules: readonly Rule[], head: RequestHead, bodyBytes: number): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(head, bodyBytes);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refuseIf(condition: boolean, status: number, why: string): Refusal | undefined {
  return condition ? { status, why } : undefined;
}

function refuseUnless(only: string): Rule {
  return ({ method }) => (method === only ? undefined : { status: 405, why: `method ${method}`, fields: ['Allow', only] });
}

function refuseConnection({ fields }: RequestHead): Refusal | undefined {
  return refuseIf(!connectionNames(fields).every((name) => connectionOptions.has(name)), 400, 'Connection names a field');
}

function hasBody(fields: Fields): boolean {
  return valuesOf(fields, 'transfer-encoding').length > 0 || valuesOf(fields, 'content-length').some((length) => Number(length) > 0);
}

/** Origin form only: an absolute target could name another host than Host does. */
function refuseTarget({ target }: RequestHead): Refusal | undefined {
  return refuseIf(!/^\/(?!\/)[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(target), 400, 'target not in origin form');
}

function refuseHost({ version, fields }: RequestHead): Refusal | undefined {
  const [host] = valuesOf(fields, 'host');
  if (host === undefined) return refuseIf(version === '1.1', 400, 'no Host');
  return refuseIf(!/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host), 400, 'Host is not a host');
}

function refuseFraming({ version, fields }: RequestHead): Refusal | undefined {
  const [coding] = valuesOf(fields, 'transfer-encoding');
  const [length] = valuesOf(fields, 'content-length');
  if (coding !== undefined && version === '1.0') return { status: 400, why: 'Transfer-Encoding in HTTP/1.0' };
  if (coding !== undefined && length !== undefined) return { status: 400, why: 'both Content-Length and Transfer-Encoding' };
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { status: 501, why: 'transfer coding other than chunked' };
  return refuseIf(length !== undefined && !/^\d{1,15}$/.test(length), 400, 'Content-Length is not a number');
}

/** What the Connection fields name, in lower case. */
export function connectionNames(fields: Fields): string[] {
  const names = valuesOf(fields, 'connection').flatMap((value) => value.split(','));
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}

function refuseBody({ fields }: RequestHead, bodyBytes: number): Refusal | undefined {
  const [length] = valuesOf(fields, 'content-length');
  const [encoding] = valuesOf(fields, 'content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return { status: 415, why: 'content coding' };
  if (length !== undefined) return refuseIf(Number(length) > bodyBytes, 413, 'Content-Length over the limit');
  return refuseIf(valuesOf(fields, 'transfer-encoding').length === 0, 411, 'neither Content-Length nor Transfer-Encoding');
}

/** `100-continue` alone is understood. @see RFC 9110 § 10.1.1 */
export function refuseExpectation({ fields }: RequestHead): Refusal | undefined {
  const [expectation] = valuesOf(fields, 'expect');
  return refuseIf(expectation !== undefined && expectation.toLowerCase() !== '100-continue', 417, 'unknown expectation');
}
