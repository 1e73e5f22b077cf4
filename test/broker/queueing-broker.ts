import { LoginLimit, silentLog, systemClock } from '#src/base/index.js';
import { openBroker } from '#src/broker/index.js';
import { createSealer } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';
import { declare, lamp, limits } from './broker-under-test.js';

/** A broker that queues as fast as it can for one device and prints each payload once it is committed, until it is killed. */
const [directory, prefix] = process.argv.slice(2);
const store = openGatewayStore({ directory: String(directory), sealer: createSealer(Buffer.alloc(32, 1)), clock: systemClock });
declare(store, lamp);
const broker = await openBroker({
  listen: '127.0.0.1',
  port: 0,
  limits: { ...limits, queue: { perDevice: 10_000, bytesPerDevice: 10_000_000, rows: 10_000, bytes: 10_000_000, maxAge: 86_400_000 } },
  devices: { get: (id) => store.inventory.get(id), named: (userName) => store.inventory.named(userName), admits: () => true },
  queue: store.deviceQueue,
  logins: new LoginLimit(systemClock),
  committed: () => store.committed(),
  clock: systemClock,
  log: silentLog,
});
for (let count = 0; ; count++) {
  broker.publish(lamp, 'trigger', Buffer.from(`${prefix}-${count}`));
  await store.committed();
  process.stdout.write(`${prefix}-${count}\n`);
}
