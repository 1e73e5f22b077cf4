import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSealer } from '#src/security/index.js';
import { Database } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { sealContext, sealSecret } from '#src/store/sealed-secret.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

const sealer = createSealer(Buffer.alloc(32, 1));
const secret = { kind: 'digest', value: 'ZGV2aWNl' } as const;

function thirdVersion(): string {
  const directory = temporaryDirectory();
  const database = Database.open({ file: join(directory, 'gateway.db'), migrations: gatewayMigrations.slice(0, 3) });
  for (const [id, epoch] of [
    ['urn:x:attached', 2],
    ['urn:x:known', 0],
  ] as const) {
    database.run(
      `INSERT INTO device (id, mode, origin, scheme, user_name, client_secret, allow_plain_http, polling, model, association_epoch)
       VALUES (?, 'proxy', 'added', 'md5', 'user', ?, 0, 'always', 'M', ?)`,
      id,
      sealSecret(sealer, secret, sealContext('device', [id], 'client_secret')),
      epoch,
    );
    database.run("INSERT INTO acl VALUES (?, 'operator', './A', 'Get=*')", id);
    database.run("INSERT INTO last_message VALUES (?, 'd', 'c', 5, NULL, NULL)", id);
    database.run("INSERT INTO nonce VALUES (?, 'client', 'bm9uY2U=')", `south/${id}`);
  }
  database.close();
  return directory;
}

it('and nothing else changes', () => {
  const store = openStore(thirdVersion());
  const south = { scheme: 'md5', userName: 'user', clientSecret: secret };
  expect(store.inventory.get('urn:x:attached')).toMatchObject({ south, presence: 'attached', associationEpoch: 2, facts: { model: 'M' } });
  expect(store.inventory.get('urn:x:known')).toMatchObject({ south, presence: 'known', associationEpoch: 0 });
  expect(store.acls.get('urn:x:known', 'operator', './A')).toBe('Get=*');
  expect(store.lastMessages.get('urn:x:known')).toMatchObject({ digest: 'd' });
});

it('and what hangs on a device still goes with it', () => {
  const store = openStore(thirdVersion());
  store.inventory.remove('urn:x:known');
  expect(store.acls.get('urn:x:known', 'operator', './A')).toBeUndefined();
  expect(store.lastMessages.get('urn:x:known')).toBeUndefined();
  expect(store.nonces.get('south/urn:x:known', 'client')).toBeUndefined();
  expect(store.acls.get('urn:x:attached', 'operator', './A')).toBe('Get=*');
});

it('a device in proxy mode always has something to prove itself by', () => {
  const { inventory } = openStore(thirdVersion());
  const bare = { id: 'urn:x:new', origin: 'added', allowPlainHttp: false, polling: 'always' } as const;
  inventory.declare({ ...bare, mode: 'transparent' });
  expect(inventory.get('urn:x:new')).not.toHaveProperty('south');
  expect(() => inventory.declare({ ...bare, mode: 'proxy' })).toThrow();
});
