import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { handshake } from './handshake.js';
import { makeIdentity } from './pki.js';

const tenYears = 3_650 * 86_400_000;
const root = makeIdentity({ ca: true });
const server = makeIdentity({}, root);

it.each([
  ['now', 0, 'accepted'],
  ['long over: the clock of the system was set back', tenYears, 'CERT_HAS_EXPIRED'],
  ['far ahead: it was set on', -tenYears, 'CERT_HAS_EXPIRED'],
])('%s', async (_when, by, outcome) => {
  const options = clientTlsOptions({ trust: [root.certificate], systemRoots: false, clock: new ManualClock(Date.now() + by) });
  expect(await handshake({ cert: server.certificate, key: server.key }, { ...options })).toBe(outcome);
});
