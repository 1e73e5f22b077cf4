import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Account, gatewayOwner } from '#src/gateway/index.js';
import { account, alert, device, openStore, temporaryDirectory } from './store-fixture.js';

it('keeps devices, accounts, nonces, reports, answers, ACLs and the identity', async () => {
  const directory = temporaryDirectory();
  const before = openStore(directory);
  const own = {
    ...account,
    owner: gatewayOwner,
    serverSecret: { kind: 'digest', value: 'c2Vydmlj' } as const,
    priority: 7,
    rights: { '.': ['Get'], './Vendor': [] },
    polling: 60_000,
  } satisfies Account;
  before.inventory.declare(device);
  before.inventory.recordContact(device.id, { manufacturer: 'Maker', firmware: '1.0' }, 1_000);
  before.inventory.attach(device.id);
  before.accounts.declare(account);
  before.accounts.declare(own);
  before.accounts.recordPoll(device.id, 'operator', 2_000);
  before.nonces.put('south/x', 'client', 'bm9uY2U=');
  before.outbox.enqueue(alert);
  before.lastMessages.put(device.id, { digest: 'd', content: 'c', at: 5, answer: { contentType: 'x/y', body: Buffer.from('answer') } });
  before.acls.put(device.id, 'operator', './A', 'Get=*');
  before.identity.put('devId', 'urn:uuid:1');
  await before.committed();
  before.close();

  const after = openStore(directory);
  const facts = { manufacturer: 'Maker', firmware: '1.0' };
  const record = { ...device, facts, firstSeen: 1_000, lastContact: 1_000, associationEpoch: 1, presence: 'attached' };
  expect(after.inventory.get(device.id)).toEqual(record);
  expect(after.accounts.list()).toEqual([account, own]);
  expect(after.accounts.list(gatewayOwner)).toEqual([own]);
  expect(after.accounts.get(device.id, 'operator')).toEqual(account);
  expect(after.accounts.lastPoll(device.id, 'operator')).toBe(2_000);
  expect(after.accounts.lastPoll(gatewayOwner, 'operator')).toBeUndefined();
  expect(after.accounts.owners('operator')).toEqual([device.id, gatewayOwner]);
  expect(after.nonces.get('south/x', 'client')).toBe('bm9uY2U=');
  expect(after.nonces.get('south/x', 'server')).toBeUndefined();
  expect(after.outbox.pending(gatewayOwner, 'operator')).toEqual([{ ...alert, id: 1, attempts: 0 }]);
  const last = after.lastMessages.get(device.id);
  expect(last).toMatchObject({ digest: 'd', content: 'c', at: 5, answer: { contentType: 'x/y' } });
  expect(Buffer.from(last?.answer?.body ?? []).toString()).toBe('answer');
  expect(after.acls.get(device.id, 'operator', './A')).toBe('Get=*');
  expect(after.identity.get('devId')).toBe('urn:uuid:1');
});

it('keeps what was written in the turn in which it is closed', () => {
  const directory = temporaryDirectory();
  const before = openStore(directory);
  before.identity.put('devId', 'urn:uuid:1');
  before.close();
  expect(openStore(directory).identity.get('devId')).toBe('urn:uuid:1');
});

it('keeps its files to its owner', async () => {
  const directory = temporaryDirectory();
  const store = openStore(directory);
  store.identity.put('devId', 'urn:uuid:1');
  await store.committed();
  for (const file of ['gateway.db', 'gateway.db-wal', 'gateway.db-shm']) {
    expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  }
});
