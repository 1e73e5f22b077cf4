import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { silentLog } from '#src/base/index.js';
import { createSealer } from '#src/security/index.js';
import { SqliteInventoryRepository } from '#src/store/gateway/inventory-repository.js';
import { Database } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { UnreadableRows } from '#src/store/sqlite/unreadable-rows.js';
import { device, temporaryDirectory } from './store-fixture.js';

const { id } = device;
const address = { address: '192.0.2.1' };

it('the inventory has another revision once something changes who a device is or where it stands', async () => {
  const { inventory } = await open();
  const changes = (work: () => unknown) => {
    const { revision } = inventory;
    work();
    return inventory.revision !== revision;
  };
  expect(changes(() => inventory.declare({ ...device, allowPlainHttp: true }))).toBe(true);
  expect(changes(() => inventory.attach(id))).toBe(true);
  expect(changes(() => inventory.settlePresence(id, 'quarantined'))).toBe(true);
  expect(changes(() => inventory.remove(id))).toBe(true);
});

it('it has the same when a device was here, was seen or is called otherwise', async () => {
  const { inventory } = await open();
  const { revision } = inventory;
  inventory.declare(device);
  inventory.recordContact(id, address, 1);
  inventory.recordSighted(id, { facts: {}, ways: {} }, 1);
  inventory.rename(id, 'Hall');
  expect(inventory.revision).toBe(revision);
});

it('a contact that was undone is written when it comes again', async () => {
  const { inventory, database } = await open();
  inventory.recordContact(id, {}, 1);
  inventory.recordContact(id, address, 2);
  inventory.recordContact(id, address, 3);
  expect(() => database.run('INSERT OR ROLLBACK INTO device SELECT * FROM device')).toThrow(/UNIQUE/);
  await expect(database.committed()).rejects.toMatchObject({ code: 'store.lost' });
  inventory.recordContact(id, address, 4);
  expect(inventory.find(id)).toMatchObject({ firstSeen: 4, lastContact: 4, facts: address });
});

it('a device that was removed has no contact, and one that is declared again its first', async () => {
  const { inventory } = await open();
  for (const now of [1, 2]) inventory.recordContact(id, address, now);
  inventory.remove(id);
  expect(() => inventory.recordContact(id, address, 3)).toThrow(expect.objectContaining({ code: 'store.unknown-device' }));
  inventory.declare(device);
  inventory.recordContact(id, address, 4);
  expect(inventory.find(id)).toMatchObject({ firstSeen: 4, lastContact: 4, facts: address });
});

/** With one device, and what is declared on the disk. */
async function open() {
  const database = Database.open({ file: join(temporaryDirectory(), 'gateway.db'), migrations: gatewayMigrations });
  onTestFinished(() => database.close());
  const sealer = createSealer(Buffer.alloc(32, 1));
  const inventory = new SqliteInventoryRepository({ database, sealer, unreadable: new UnreadableRows(silentLog) });
  inventory.declare(device);
  await database.committed();
  return { database, inventory };
}
