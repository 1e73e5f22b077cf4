import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { gatewayOwner } from '#src/gateway/index.js';
import { createSealer } from '#src/security/index.js';
import { Database } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { sealContext, sealSecret } from '#src/store/sealed-secret.js';
import { account, alert, device, openStore, temporaryDirectory } from './store-fixture.js';

const sealer = createSealer(Buffer.alloc(32, 1));

/** A database as the first version left it: a device that was polled, its account, an account of the gateway, and what hangs on them. */
function firstVersion(): string {
  const directory = temporaryDirectory();
  const database = Database.open({ file: join(directory, 'gateway.db'), migrations: gatewayMigrations.slice(0, 1) });
  const { south } = device;
  const secret = (column: 'client_secret' | 'server_secret') => sealContext('device', [device.id], column);
  database.run(
    `INSERT INTO device (id, name, mode, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, polling, last_poll)
     VALUES (?, 'Kitchen', 'proxy', 'added', 'md5', 'kitchen', ?, ?, 0, '3600000', 5000)`,
    device.id,
    sealSecret(sealer, south.clientSecret, secret('client_secret')),
    sealSecret(sealer, { kind: 'password', value: 'ours' }, secret('server_secret')),
  );
  for (const owner of [device.id, gatewayOwner]) {
    database.run(
      `INSERT INTO account (owner, server_id, name, address, scheme, user_name, client_secret, allow_plain_http, correlation, origin)
       VALUES (?, 'operator', 'Operator', 'https://dm.example/dm', 'basic', 'kitchen', ?, 0, 'none', 'added')`,
      owner,
      sealSecret(sealer, account.clientSecret, sealContext('account', [owner, 'operator'], 'client_secret')),
    );
  }
  database.run("INSERT INTO nonce VALUES (?, 'client', 'bm9uY2U=')", `south/${device.id}`);
  database.run("INSERT INTO acl VALUES (?, 'operator', './A', 'Get=*')", device.id);
  database.run("INSERT INTO last_message VALUES (?, 'd', 'c', 5, NULL, NULL)", device.id);
  database.run(
    'INSERT INTO outbox (owner, server_id, origin, alert, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?)',
    alert.owner,
    alert.serverId,
    alert.origin,
    alert.alert,
    alert.createdAt,
    alert.nextAt,
  );
  database.close();
  return directory;
}

it('nothing is lost: accounts may do everything, come in no order, and were asked when their device was', () => {
  const store = openStore(firstVersion());
  expect(store.accounts.list()).toEqual([account, { ...account, owner: gatewayOwner }]);
  expect(store.accounts.lastPoll(device.id, 'operator')).toBe(5_000);
  expect(store.accounts.lastPoll(gatewayOwner, 'operator')).toBeUndefined();
  expect(store.inventory.get(device.id)).toEqual({ ...device, facts: {}, associationEpoch: 0, presence: 'known' });
  expect(store.nonces.get(`south/${device.id}`, 'client')).toBe('bm9uY2U=');
  expect(store.acls.get(device.id, 'operator', './A')).toBe('Get=*');
  expect(store.lastMessages.get(device.id)).toMatchObject({ digest: 'd' });
  expect(store.outbox.pending(gatewayOwner, 'operator')).toEqual([{ ...alert, id: 1, attempts: 0 }]);
});

it('a copy is kept of what was', () => {
  const directory = firstVersion();
  openStore(directory).close();
  const copy = join(directory, `gateway.db.before-${gatewayMigrations.length}.bak`);
  expect(existsSync(copy)).toBe(true);
  const kept = new SqliteDatabase(copy, { readonly: true });
  expect(kept.prepare('SELECT id, last_poll FROM device').all()).toEqual([{ id: device.id, last_poll: 5_000 }]);
  expect(kept.prepare('SELECT count(*) AS accounts FROM account').get()).toEqual({ accounts: 2 });
  kept.close();
});

it('and what hangs on a device still goes with it', () => {
  const store = openStore(firstVersion());
  store.inventory.remove(device.id);
  expect(store.accounts.list(device.id)).toEqual([]);
  expect(store.acls.get(device.id, 'operator', './A')).toBeUndefined();
  expect(store.nonces.get(`south/${device.id}`, 'client')).toBeUndefined();
});
