import { expect, it } from 'vitest';
import { createSealer } from '#src/security/index.js';
import { account, device, openStore, temporaryDirectory } from './store-fixture.js';

const ids = Array.from({ length: 1_100 }, (_, at) => `urn:x:${String(at).padStart(5, '0')}`);

function openMany() {
  const store = openStore(temporaryDirectory());
  for (const id of ids) store.inventory.declare({ ...device, id });
  return store;
}

it('all of them, in the order of their ids, over every border of a piece', () => {
  const { inventory } = openMany();
  expect([...inventory.ids()]).toEqual(ids);
  expect([...inventory.each()].map(({ id }) => id)).toEqual(ids);
  expect(inventory.list().map(({ id }) => id)).toEqual(ids);
});

it('a page begins after the last device of the one before', () => {
  const { inventory } = openMany();
  expect(inventory.list({ limit: 2 }).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(inventory.list({ after: 'urn:x:00001', limit: 2 }).map(({ id }) => id)).toEqual(ids.slice(2, 4));
  expect(inventory.list({ after: ids.at(-1), limit: 2 })).toEqual([]);
});

it('those that have been here, those of a server, those of an origin, or all of this together', () => {
  const { inventory, accounts } = openMany();
  inventory.attach('urn:x:00003');
  inventory.attach('urn:x:00005');
  for (const owner of ['urn:x:00005', 'urn:x:00007']) accounts.declare({ ...account, owner });
  inventory.declare({ ...device, id: 'urn:x:00007', origin: 'config' });
  expect([...inventory.ids({ attached: true })]).toEqual(['urn:x:00003', 'urn:x:00005']);
  expect([...inventory.ids({ managedBy: account.serverId })]).toEqual(['urn:x:00005', 'urn:x:00007']);
  expect([...inventory.ids({ origin: 'config' })]).toEqual(['urn:x:00007']);
  expect([...inventory.ids({ attached: true, managedBy: account.serverId, origin: 'added' })]).toEqual(['urn:x:00005']);
  expect([...inventory.ids({ managedBy: 'another' })]).toEqual([]);
});

it('what goes while it is read does no harm', () => {
  const { inventory } = openMany();
  for (const id of inventory.ids()) inventory.remove(id);
  expect([...inventory.ids()]).toEqual([]);
});

it('no secret is opened for it', () => {
  const sealer = createSealer(Buffer.alloc(32, 1));
  let opened = 0;
  const open = (sealed: string, context: string) => {
    opened += 1;
    return sealer.open(sealed, context);
  };
  const { inventory, accounts } = openStore(temporaryDirectory(), {
    sealer: { ...sealer, seal: (text, context) => sealer.seal(text, context), open },
  });
  inventory.declare(device);
  accounts.declare(account);
  opened = 0;
  const [listed] = inventory.list();
  expect(listed?.south).toEqual({ scheme: 'md5', userName: 'kitchen' });
  expect([...inventory.each(), inventory.find(device.id)]).toEqual([listed, listed]);
  expect([accounts.servers(device.id), accounts.has(device.id, 'operator'), accounts.has(device.id, 'x')]).toEqual([
    ['operator'],
    true,
    false,
  ]);
  expect(accounts.declaredBy('added')).toEqual([{ owner: device.id, serverId: 'operator' }]);
  expect([...inventory.schemes()]).toEqual([['md5', 1]]);
  expect(opened).toBe(0);
  inventory.get(device.id);
  expect(opened).toBe(2);
});
