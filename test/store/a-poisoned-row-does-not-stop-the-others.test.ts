import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Log } from '#src/base/index.js';
import { silentLog } from '#src/base/index.js';
import type { GatewayStore } from '#src/gateway/index.js';
import { account, device, openStore, temporaryDirectory } from './store-fixture.js';

const other = { ...device, id: 'IMEI:other' };
const seen = { ways: {} } as never;

it('an account whose secret does not open is left out and named, and is whole again once it is declared anew', () => {
  const { store, said } = poisoned("UPDATE account SET client_secret = 'p1.ruined' WHERE owner = 'IMEI:other'");
  expect(store.accounts.list().map(({ owner }) => owner)).toEqual([device.id]);
  expect([store.accounts.get(other.id, 'operator'), store.accounts.has(other.id, 'operator')]).toEqual([undefined, true]);
  expect(store.unreadable).toEqual(['account IMEI:other operator']);
  expect(said).toEqual(['account IMEI:other operator']);
  store.accounts.declare({ ...account, owner: other.id });
  expect(store.accounts.list()).toHaveLength(2);
  expect(store.unreadable).toEqual([]);
});

it.each([
  ['rights that are no JSON', "UPDATE account SET rights = '{' WHERE owner = 'IMEI:other'"],
  ['a secret of another row', "UPDATE account SET client_secret = (SELECT client_secret FROM account WHERE owner <> 'IMEI:other')"],
  [
    'a secret that names another key',
    "UPDATE account SET client_secret = 'p1.00000000.' || substr(client_secret, 13) WHERE owner = 'IMEI:other'",
  ],
])('the same for %s', (_what, sql) => {
  const { store } = poisoned(sql);
  expect(store.accounts.list().map(({ owner }) => owner)).toEqual([device.id]);
});

it('a device whose secret does not open is listed, and has no record: it is not one that needs no password', () => {
  const { store } = poisoned("UPDATE device SET client_secret = 'p1.ruined' WHERE id = 'IMEI:other'");
  expect(store.inventory.list().map(({ id }) => id)).toEqual([device.id, other.id]);
  expect([store.inventory.get(other.id), store.inventory.get(device.id)?.id]).toEqual([undefined, device.id]);
  expect(store.inventory.named('kitchen').map(({ id }) => id)).toEqual([device.id]);
  expect(store.unreadable).toEqual(['device IMEI:other']);
});

it('what was sighted of one device does not hide the others', () => {
  const { store } = poisoned("UPDATE device SET sighted = '{' WHERE id = 'IMEI:other'", (before) => {
    for (const { id } of [device, other]) before.inventory.recordSighted(id, seen, 1);
  });
  expect(store.inventory.sighted().map(({ id }) => id)).toEqual([device.id]);
  expect(store.inventory.list()).toHaveLength(2);
});

it('an answer that does not open is no answer, and its message is still known', () => {
  const message = { digest: 'd', content: 'c', at: 1 };
  const { store } = poisoned("UPDATE last_message SET answer = x'00'", (before) =>
    before.lastMessages.put(device.id, { ...message, answer: { contentType: 'x', body: Buffer.from('answer') } }),
  );
  expect(store.lastMessages.get(device.id)).toEqual(message);
});

/** Two devices with an account each, of which the second is then ruined. */
function poisoned(sql: string, prepare: (store: GatewayStore) => void = () => {}) {
  const directory = temporaryDirectory();
  const before = openStore(directory);
  for (const one of [device, other]) {
    before.inventory.declare(one);
    before.accounts.declare({ ...account, owner: one.id });
  }
  prepare(before);
  before.close();
  const file = new SqliteDatabase(join(directory, 'gateway.db'));
  file.exec(sql);
  file.close();
  const said: unknown[] = [];
  const log: Log = { ...silentLog, error: (about: object) => void said.push('row' in about ? about.row : about) };
  return { store: openStore(directory, { log }), said };
}
