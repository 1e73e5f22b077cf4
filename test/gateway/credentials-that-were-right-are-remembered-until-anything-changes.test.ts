import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LoginLimit, ManualClock, silentLog } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import type { DeviceDeclaration, GatewayStore } from '#src/gateway/index.js';
import { PasswordHolders } from '#src/gateway/logins/password-holders.js';
import { createSealer, type Sealer } from '#src/security/index.js';
import { SqliteInventoryRepository } from '#src/store/gateway/inventory-repository.js';
import { Database } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { UnreadableRows } from '#src/store/sqlite/unreadable-rows.js';
import { temporaryDirectory } from '../store/store-fixture.js';

it('a secret is opened for the first of many, and again once anything has changed', async () => {
  const { find, inventory, opened } = await openHolders();
  for (let times = 0; times < 3; times += 1) expect(find(shown('old'))).toMatchObject({ kind: 'device' });
  expect(opened()).toBe(1);
  inventory.recordContact('kitchen', { address: '192.0.2.9' }, 1);
  inventory.rename('kitchen', 'Hall');
  find(shown('old'));
  expect(opened()).toBe(1);
  inventory.settlePresence('kitchen', 'unreachable');
  find(shown('old'));
  expect(opened()).toBe(2);
});

it('what is wrong is looked at each time', async () => {
  const { find, opened } = await openHolders();
  for (let times = 0; times < 3; times += 1) expect(find(shown('wrong'))).toEqual({ kind: 'unproved' });
  expect(opened()).toBe(3);
});

it('what is right over TLS alone is not remembered for plain http, nor the other way round', async () => {
  const { find, declare } = await openHolders();
  declare({ allowPlainHttp: false });
  expect(find(shown('old'), { encrypted: true })).toMatchObject({ kind: 'device' });
  expect(find(shown('old'))).toMatchObject({ kind: 'unproved', inPlain: { id: 'kitchen' } });
  expect(find(shown('old'), { encrypted: true })).toMatchObject({ kind: 'device' });
});

it('whoever guesses from there is not looked at, although the credentials were right before', async () => {
  const { find, clock } = await openHolders();
  expect(find(shown('old'))).toMatchObject({ kind: 'device' });
  for (let guess = 0; guess < 5; guess += 1) expect(find(shown('guess'))).toEqual({ kind: 'unproved' });
  expect(find(shown('old'))).toEqual({ kind: 'delayed', wait: 1_000 });
  clock.advance(1_000);
  expect(find(shown('old'))).toMatchObject({ kind: 'device' });
  // What was right counts as that: the next guesses cost nothing again.
  for (let guess = 0; guess < 4; guess += 1) find(shown('guess'));
  expect(find(shown('old'))).toMatchObject({ kind: 'device' });
});

it('credentials with two readings prove whom they would prove without a memory', async () => {
  const { find, declare } = await openHolders();
  declare({ id: 'second', userName: 'a:b', password: 'c' });
  expect(find(shown('c', 'a:b'))).toMatchObject({ device: { id: 'second' } });
  declare({ id: 'first', userName: 'a', password: 'b:c' });
  expect(find(shown('c', 'a:b'))).toMatchObject({ device: { id: 'first' } });
});

it('where one reading was not looked at, nothing is remembered', async () => {
  const { find, declare, clock } = await openHolders();
  declare({ id: 'first', userName: 'a', password: 'b:c' });
  declare({ id: 'second', userName: 'a:b', password: 'c' });
  for (let guess = 0; guess < 5; guess += 1) find(shown('guess', 'a'));
  expect(find(shown('c', 'a:b'))).toMatchObject({ device: { id: 'second' } });
  clock.advance(1_000);
  expect(find(shown('c', 'a:b'))).toMatchObject({ device: { id: 'first' } });
});

it('a password whose writing SQLite undoes lets nobody in', async () => {
  const { find, declare, database } = await openHolders();
  declare({ password: 'new' });
  expect(find(shown('new'))).toMatchObject({ kind: 'device' });
  expect(() => database.run('INSERT OR ROLLBACK INTO device SELECT * FROM device')).toThrow(/UNIQUE/);
  expect(find(shown('new'))).toEqual({ kind: 'unproved' });
  expect(find(shown('old'))).toMatchObject({ kind: 'device' });
});

it('nor does one whose commit fails', async () => {
  const { find, declare, database } = await openHolders();
  declare({ password: 'new' });
  expect(find(shown('new'))).toMatchObject({ kind: 'device' });
  database.run('PRAGMA defer_foreign_keys = ON');
  database.run("INSERT INTO acl (device, server_id, uri, acl) VALUES ('nobody', 'operator', './A', 'Get=*')");
  await expect(database.committed()).rejects.toMatchObject({ code: 'store.lost' });
  expect(find(shown('new'))).toEqual({ kind: 'unproved' });
  expect(find(shown('old'))).toMatchObject({ kind: 'device' });
});

function shown(password: string, userName = 'user'): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

/** With one device, `kitchen`, whose name is `user` and whose password `old` is on the disk. */
async function openHolders() {
  const clock = new ManualClock();
  const { sealer, opened } = countingSealer();
  const database = Database.open({ file: join(temporaryDirectory(), 'gateway.db'), migrations: gatewayMigrations });
  onTestFinished(() => database.close());
  const inventory = new SqliteInventoryRepository({ database, sealer, unreadable: new UnreadableRows(silentLog) });
  const store = { inventory } as Partial<GatewayStore> as GatewayStore;
  const holders = new PasswordHolders({ env: { store }, logins: new LoginLimit(clock), door: 'proxy', isMeant: () => true });
  const find = (authorization: string, { encrypted = false } = {}) => holders.find({ authorization, address: '192.0.2.1', encrypted });
  const declare = (said: Partial<Declared>) => inventory.declare(declarationOf(said));
  declare({});
  await database.committed();
  return { clock, database, inventory, opened, find, declare };
}

interface Declared {
  readonly id: string;
  readonly userName: string;
  readonly password: string;
  readonly allowPlainHttp: boolean;
}

function declarationOf({
  id = 'kitchen',
  userName = 'user',
  password = 'old',
  allowPlainHttp = true,
}: Partial<Declared>): DeviceDeclaration {
  const south = { scheme: 'md5', userName, clientSecret: keptSecret('md5', userName, password, false) } as const;
  return { id, mode: 'transparent', origin: 'added', south, allowPlainHttp, polling: 'never' };
}

function countingSealer() {
  const real = createSealer(Buffer.alloc(32, 1));
  let opened = 0;
  const sealer: Sealer = {
    keyId: real.keyId,
    isKeptElsewhere: false,
    seal: (plain, context) => real.seal(plain, context),
    sealBytes: (plain, context) => real.sealBytes(plain, context),
    openBytes: (sealed, context) => real.openBytes(sealed, context),
    open: (sealed, context) => {
      opened += 1;
      return real.open(sealed, context);
    },
  };
  return { sealer, opened: () => opened };
}
