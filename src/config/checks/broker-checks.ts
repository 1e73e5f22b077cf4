import type { CrossFinding, SettledValues } from '../reading/settled-values.js';

const loopback = /^(127\.|::1$)/;

/** The LAN hears what is not encrypted: passwords too. */
export function exposedBroker(values: SettledValues): CrossFinding[] {
  const at = (key: string) => values.value(['broker', key]);
  const listen = at('listen');
  if (at('port') === undefined || typeof listen !== 'string' || loopback.test(listen)) return [];
  if (at('tls') === true || at('allowPlain') === true) return [];
  return [{ path: ['broker', 'listen'], found: listen, allowed: '127.0.0.1 or ::1, or tls: true (or else allowPlain: true) beside it' }];
}
