import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createSealer } from '#src/security/index.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

it('refuses a file that is no database', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'gateway.db'), 'x'.repeat(10_000), { mode: 0o600 });
  expect(() => openStore(directory)).toThrow(/gateway.db is damaged .*: stop Postern, move the file/);
});

it('refuses a database with an overwritten page', () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'gateway.db');
  const store = openStore(directory);
  store.identity.put('devId', 'urn:uuid:1');
  store.close();
  // A table that opening alone does not read.
  const bytes = readFileSync(file);
  bytes.fill(0xff, (rootPage(file, 'acl') - 1) * 4096, rootPage(file, 'acl') * 4096);
  writeFileSync(file, bytes);
  expect(() => openStore(directory)).toThrow(expect.objectContaining({ code: 'store.damaged' }));
});

it('calls a table damaged that has another column than it was made with', () => {
  const directory = temporaryDirectory();
  openStore(directory).close();
  const database = new SqliteDatabase(join(directory, 'gateway.db'));
  database.exec('ALTER TABLE refused_device RENAME COLUMN id TO jd');
  database.close();
  const store = openStore(directory);
  expect(() => store.refusals.list()).toThrow(expect.objectContaining({ code: 'store.damaged' }));
  expect(store.failure?.code).toBe('store.damaged');
});

it('refuses a database that others can read', () => {
  const directory = temporaryDirectory();
  openStore(directory).close();
  chmodSync(join(directory, 'gateway.db'), 0o644);
  expect(() => openStore(directory)).toThrow(/chmod 600/);
});

it('refuses another key at start', () => {
  const directory = temporaryDirectory();
  openStore(directory).close();
  const sealer = createSealer(Buffer.alloc(32, 2));
  expect(() => openStore(directory, { sealer })).toThrow(expect.objectContaining({ code: 'security.wrong-key' }));
});

function rootPage(file: string, table: string): number {
  const database = new SqliteDatabase(file);
  const page = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table);
  database.close();
  return Number(page);
}
