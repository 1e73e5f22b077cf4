import type { Fields } from './http-message.js';
import { connectionNames } from './request-head.js';

/**
 * Fields between two neighbours. `Expect` is answered here; credentials for us are nobody else's.
 * @see RFC 9110 § 7.6.1, § 11.7.2
 */
const hopByHop: readonly string[] = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The fields that go on: without those between neighbours, and without what Connection names as such. */
export function endToEnd(fields: Fields, ...further: readonly string[]): string[] {
  const dropped = new Set([...hopByHop, ...connectionNames(fields), ...further]);
  return fields.filter((_, at) => !dropped.has((fields[at - (at % 2)] ?? '').toLowerCase()));
}
