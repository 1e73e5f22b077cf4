import { expect, it } from 'vitest';
import { gatewayOwner } from '#src/gateway/index.js';
import { account, alert, device, openStore, temporaryDirectory } from './store-fixture.js';

const other = { ...device, id: `${device.id}9` };

it('forgets accounts, nonces, reports, the answer and ACLs of the device, and nobody else’s', () => {
  const store = openStore(temporaryDirectory());
  for (const { id } of [device, other]) {
    store.inventory.declare({ ...device, id });
    store.accounts.declare({ ...account, owner: id });
    for (const leg of [`south/${id}`, `north/${id}/operator`]) store.nonces.put(leg, 'server', 'n');
    store.outbox.enqueue({ ...alert, owner: id });
    store.outbox.enqueue({ ...alert, owner: id, serverId: 'without account' });
    store.lastMessages.put(id, { digest: '', content: '', at: 0 });
    store.acls.put(id, 'operator', './A', 'Get=*');
  }
  const kept = (id: string) => [
    store.inventory.get(id),
    store.accounts.get(id, 'operator'),
    store.nonces.get(`south/${id}`, 'server'),
    store.nonces.get(`north/${id}/operator`, 'server'),
    store.outbox.pending(id, 'operator')[0],
    store.outbox.pending(id, 'without account')[0],
    store.lastMessages.get(id),
    store.acls.get(id, 'operator', './A'),
  ];
  expect(store.inventory.remove(device.id)).toBe(true);
  expect(store.inventory.remove(device.id)).toBe(false);
  expect(kept(device.id)).toEqual(Array(8).fill(undefined));
  expect(kept(other.id)).not.toContain(undefined);
});

it('never names two associations alike, even when the device was forgotten in between', () => {
  const { inventory } = openStore(temporaryDirectory());
  inventory.declare(device);
  expect([inventory.attach(device.id), inventory.attach(device.id)]).toEqual([1, 2]);
  inventory.remove(device.id);
  inventory.declare(device);
  expect(inventory.get(device.id)?.associationEpoch).toBe(0);
  expect(inventory.attach(device.id)).toBe(3);
});

it('keeps the facts when a declaration changes', () => {
  const { inventory } = openStore(temporaryDirectory());
  inventory.declare(device);
  inventory.recordContact(device.id, { model: 'M' }, 1);
  inventory.attach(device.id);
  inventory.declare({ ...device, name: 'Hall', polling: 'never' });
  expect(inventory.get(device.id)).toMatchObject({
    name: 'Hall',
    polling: 'never',
    facts: { model: 'M' },
    firstSeen: 1,
    associationEpoch: 1,
  });
});

it('refuses to write about a device that is not there', () => {
  const { inventory, lastMessages, acls } = openStore(temporaryDirectory());
  const unknown = expect.objectContaining({ code: 'store.unknown-device' });
  expect(() => inventory.recordContact('x', {}, 1)).toThrow(unknown);
  expect(() => inventory.attach('x')).toThrow(unknown);
  expect(() => lastMessages.put('x', { digest: '', content: '', at: 0 })).toThrow(unknown);
  expect(() => acls.put('x', 'operator', './A', '')).toThrow(unknown);
});

it('drops the nonces and unsent reports of an account with it, and remembers what was reported', () => {
  const { accounts, nonces, outbox } = openStore(temporaryDirectory());
  accounts.declare({ ...account, owner: gatewayOwner });
  nonces.put(`north/${gatewayOwner}/operator`, 'client', 'n');
  outbox.enqueue({ ...alert, origin: 'sent' });
  outbox.settle(1, 'delivered', 1);
  outbox.enqueue({ ...alert, origin: 'unsent' });
  expect(accounts.remove(gatewayOwner, 'operator')).toBe(true);
  expect(accounts.remove(gatewayOwner, 'operator')).toBe(false);
  expect(nonces.get(`north/${gatewayOwner}/operator`, 'client')).toBeUndefined();
  expect(outbox.due()).toEqual([]);
  expect(outbox.enqueue({ ...alert, origin: 'sent' })).toBe(false);
  expect(outbox.enqueue({ ...alert, origin: 'unsent' })).toBe(true);
});
