import type { Milliseconds } from '#src/base/index.js';

/** What a server asks for beyond this is too much: nobody would notice that it is back. */
const mostRetryAfter: Milliseconds = 3_600_000;

/**
 * How long a server wants to be left alone, at most an hour; undefined where it says nothing that can be read.
 * @param value seconds, or a date of HTTP @param now milliseconds since 1970
 * @see RFC 9110 § 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: Milliseconds): Milliseconds | undefined {
  if (value === undefined) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), mostRetryAfter);
}
