import type { Fields } from './http-message.js';
import { connectionNames } from './request-head.js';

/**
 * Fields between two neighbours. `Expect` is answered here; credentials for us are nobody else's.
 * @see RFC 9110 § 7.6.1, § 11.7.2
 */
const hopByHop: ReadonlySet<string> = new Set([
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
]);

/** Who passed a message on, without telling our name. @see RFC 9110 § 7.6.3 */
export const via = '1.1 postern';

/** The fields that go on: without those between neighbours, without what Connection names as such, and without a further one. */
export function endToEnd(fields: Fields, further?: string): string[] {
  const named = connectionNames(fields);
  const kept: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name = '', value = ''] = [fields[at], fields[at + 1]];
    const known = name.toLowerCase();
    if (!hopByHop.has(known) && known !== further && !named.includes(known)) kept.push(name, value);
  }
  return kept;
}
