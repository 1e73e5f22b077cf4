import type { Fields } from './http-message.js';

/** The head of a server's answer, of which there is one reading only. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  /** Where its body ends: after so many bytes, as its chunks say, or with the connection. */
  readonly length: number | 'chunked' | 'close';
  /** Whether the connection may carry another answer behind this one. */
  readonly keeps: boolean;
}

/** Why an answer is not passed on. */
export interface Oddity {
  readonly odd: string;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const visible = /^[\t\x20-\x7e\x80-\xff]*$/;
const mostFields = 128;

/**
 * Reads the head of an answer, as Latin-1 and without its empty line, and refuses what another reader could understand differently.
 * @param method what was asked: an answer to HEAD has no body
 * @see RFC 9112 § 4, § 5, § 6.3
 */
export function readAnswerHead(text: string, method: string): AnswerHead | Oddity {
  const [first = '', ...lines] = text.split('\r\n');
  const [whole, minor, digits, reason = ''] = statusLine.exec(first) ?? [];
  if (whole === undefined) return { odd: 'the answer has no status line' };
  if (lines.length > mostFields) return { odd: 'the answer has too many fields' };
  const fields = readFields(lines);
  if ('odd' in fields) return fields;
  const status = Number(digits);
  const length = readLength(fields, { method, status, minor: minor ?? '0' });
  if (typeof length === 'object') return length;
  const keeps = length !== 'close' && minor === '1' && !fields.closes;
  return { status, reason, fields: fields.all, length, keeps };
}

/** All fields, and of those that frame the message their values. */
interface ReadFields {
  readonly all: Fields;
  readonly lengths: readonly string[];
  readonly codings: readonly string[];
  readonly closes: boolean;
}

function readFields(lines: readonly string[]): ReadFields | Oddity {
  const all: string[] = [];
  const lengths: string[] = [];
  const codings: string[] = [];
  let closes = false;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = withoutBlanks(line, colon + 1);
    // A folded line has no name either.
    if (!token.test(name) || !visible.test(value)) return { odd: 'the answer has a field that is none' };
    all.push(name, value);
    const known = name.toLowerCase();
    if (known === 'content-length') lengths.push(value);
    else if (known === 'transfer-encoding') codings.push(value.toLowerCase());
    else if (known === 'connection') closes ||= /(?:^|[,\t ])close(?:$|[,\t ])/i.test(value);
  }
  return { all, lengths, codings, closes };
}

/** From there to the end, without blanks around; a regular expression would go over long runs of them again and again. */
function withoutBlanks(line: string, from: number): string {
  let [start, end] = [from, line.length];
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function readLength(
  { lengths, codings }: ReadFields,
  { method, status, minor }: { readonly method: string; readonly status: number; readonly minor: string },
): AnswerHead['length'] | Oddity {
  const [length] = lengths;
  const [coding] = codings;
  if (lengths.length + codings.length > 1) return { odd: 'the answer has two lengths' };
  if (coding !== undefined && (coding !== 'chunked' || minor === '0')) return { odd: 'the answer has a transfer coding of its own' };
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return { odd: 'the length of the answer is no number' };
  if (status === 204 && (coding !== undefined || Number(length ?? 0) > 0)) return { odd: 'an answer without a body has a length' };
  if (method === 'HEAD' || status === 304 || status === 204 || status < 200) return 0;
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'close' : Number(length);
}
