import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from '#src/store/sqlite/database.js';
import { temporaryDirectory } from './store-fixture.js';

const migrations = [{ number: 1, name: 'kept', sql: 'CREATE TABLE kept (bytes BLOB NOT NULL) STRICT' }];

test('what SQLite could not do is told, and forgotten with the next commit', async () => {
  const database = Database.open({ file: join(temporaryDirectory(), 'test.db'), migrations });
  onTestFinished(() => database.close());
  const keep = (bytes: number) => database.run('INSERT INTO kept (bytes) VALUES (?)', new Uint8Array(bytes));
  expect(database.failure).toBeUndefined();
  database.get('PRAGMA max_page_count = 8');
  expect(() => keep(1_000_000)).toThrow(expect.objectContaining({ code: 'store.full' }));
  expect(database.failure?.code).toBe('store.full');
  database.get('PRAGMA max_page_count = 100000');
  keep(1_000);
  await database.committed();
  expect(database.failure).toBeUndefined();
});
