import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

it('the sealed secrets of a device that is removed lie nowhere in the database once it is closed', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'gateway.db');
  const store = openStore(directory, { clock: new ManualClock() });
  for (const id of ['urn:imei:1', 'urn:imei:2']) {
    const south = { scheme: 'md5', userName: id, clientSecret: keptSecret('md5', id, 'password', false) } as const;
    store.inventory.declare({ id, mode: 'proxy', origin: 'added', south, allowPlainHttp: false, polling: 'always' });
  }
  await store.committed();
  const sealed = sealedIn(file);
  expect(sealed).toHaveLength(2);
  store.inventory.remove('urn:imei:1');
  await store.committed();
  store.close();
  const left = readFileSync(file, 'latin1');
  expect(sealed.map((secret) => left.includes(secret))).toEqual([false, true]);
});

function sealedIn(file: string): string[] {
  const database = new SqliteDatabase(file, { readonly: true });
  try {
    return database.prepare('SELECT client_secret FROM device ORDER BY id').pluck().all() as string[];
  } finally {
    database.close();
  }
}
