import { systemClock } from '#src/base/index.js';
import { createSealer } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';

/** Writes reports as fast as it can and prints each origin once it is committed, until it is killed. */
const [directory, prefix] = process.argv.slice(2);
const store = openGatewayStore({
  directory: String(directory),
  sealer: createSealer(Buffer.alloc(32, 1)),
  clock: systemClock,
  limits: { outboxRows: Number.MAX_SAFE_INTEGER, outboxBytes: Number.MAX_SAFE_INTEGER },
});
for (let count = 0; ; count++) {
  const origin = `${prefix}-${count}`;
  store.outbox.enqueue({ owner: 'gateway', serverId: 's', alert: 'x'.repeat(200), origin, createdAt: 0, nextAt: 0 });
  store.nonces.put('south/x', 'client', origin);
  await store.committed();
  process.stdout.write(`${origin}\n`);
}
