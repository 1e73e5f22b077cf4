import { expect, it } from 'vitest';
import { account, device, openStore, temporaryDirectory } from './store-fixture.js';

const minute = 60_000;

it('writes a declaration, a nonce, an ACL or an identity only when it differs', async () => {
  const store = openStore(temporaryDirectory());
  const { serverSecret: _, ...south } = device.south;
  const write = () => {
    store.inventory.declare(device);
    store.inventory.declare({ ...device, id: 'open', south });
    store.accounts.declare({ ...account, rights: { './A': ['Get'] }, polling: 5 });
    store.accounts.recordPoll(device.id, 'operator', 7);
    store.nonces.put('south/x', 'client', 'n');
    store.acls.put(device.id, 'operator', './A', 'Get=*');
    store.identity.put('devId', 'urn:uuid:1');
    store.outbox.prune(0);
  };
  write();
  await store.committed();
  const { commits } = store;
  write();
  await store.committed();
  expect(store.commits).toBe(commits);
  store.inventory.declare({ ...device, south: { ...device.south, clientSecret: { kind: 'password', value: 'new' } } });
  store.accounts.declare({ ...account, serverSecret: { kind: 'password', value: 'new' } });
  await store.committed();
  expect(store.commits).toBe(commits + 1);
  expect(store.inventory.get(device.id)?.south?.clientSecret).toEqual({ kind: 'password', value: 'new' });
  expect(store.accounts.get(device.id, 'operator')?.serverSecret).toEqual({ kind: 'password', value: 'new' });
});

it('writes a contact alone at most once a minute, and facts at once', async () => {
  const store = openStore(temporaryDirectory());
  store.inventory.declare(device);
  const contact = async (facts: object, now: number) => {
    const { commits } = store;
    store.inventory.recordContact(device.id, facts, now);
    await store.committed();
    return store.commits - commits;
  };
  await store.committed();
  expect(await contact({ model: 'M' }, minute)).toBe(1);
  expect(await contact({ model: 'M' }, 2 * minute - 1)).toBe(0);
  expect(await contact({}, 2 * minute - 1)).toBe(0);
  expect(await contact({}, 2 * minute)).toBe(1);
  expect(await contact({ firmware: '2' }, 2 * minute + 1)).toBe(1);
  expect(store.inventory.get(device.id)).toMatchObject({
    facts: { model: 'M', firmware: '2' },
    firstSeen: minute,
    lastContact: 2 * minute + 1,
  });
  // A clock that was ahead and is set right.
  expect(await contact({}, 1)).toBe(1);
});

it('starts on what exists without a write', async () => {
  const directory = temporaryDirectory();
  openStore(directory).close();
  const store = openStore(directory);
  await store.committed();
  expect(store.commits).toBe(0);
});
