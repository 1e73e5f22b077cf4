import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type PosternError, silentLog } from '#src/base/index.js';
import { Database } from '#src/store/index.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

const migrations = [{ number: 1, name: 'kept', sql: 'CREATE TABLE kept (value TEXT NOT NULL) STRICT' }];
const row = 'x'.repeat(100_000);

it('a write that finds no room is refused, reads go on, and it works again once there is room', async () => {
  const database = Database.open({ file: join(temporaryDirectory(), 'some.db'), migrations, log: silentLog });
  database.get('PRAGMA max_page_count = 40');
  const acknowledged = await writeUntilFull(database);
  expect(rowsIn(database)).toBe(acknowledged);
  await expect(write(database)).rejects.toMatchObject({ code: 'store.full' });
  expect(rowsIn(database)).toBe(acknowledged);
  database.get('PRAGMA max_page_count = 1000');
  await write(database);
  expect(rowsIn(database)).toBe(acknowledged + 1);
  database.close();
});

it('a database that another process holds locked is a sentence that says so', () => {
  const directory = temporaryDirectory();
  openStore(directory).close();
  const other = new SqliteDatabase(join(directory, 'gateway.db'));
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  expect(() => openStore(directory)).toThrow(/locked by another program: is a second Postern running/);
  other.close();
});

it('a lock that another program takes while it runs fails each write at once, reads go on, and the next write after it counts', async () => {
  const file = join(temporaryDirectory(), 'some.db');
  const database = Database.open({ file, migrations, log: silentLog });
  await write(database);
  const other = new SqliteDatabase(file);
  other.exec('BEGIN IMMEDIATE');
  await expect(write(database)).rejects.toMatchObject({ code: 'store.busy' });
  expect(database.failure).toMatchObject({ code: 'store.busy' });
  expect(rowsIn(database)).toBe(1);
  // What each waits is what the event loop stands still: with the patience of a start, a hundred would be minutes.
  for (let attempt = 0; attempt < 100; attempt++) expect(() => database.run('DELETE FROM kept')).toThrow(/locked/);
  other.exec('ROLLBACK');
  await write(database);
  expect(database.failure).toBeUndefined();
  expect(rowsIn(database)).toBe(2);
  other.close();
  database.close();
}, 60_000);

async function write(database: Database): Promise<void> {
  database.run('INSERT INTO kept (value) VALUES (?)', row);
  await database.committed();
}

/** How many writes were acknowledged before one was refused. */
async function writeUntilFull(database: Database): Promise<number> {
  for (let written = 0; ; written += 1) {
    try {
      await write(database);
    } catch (error) {
      expect((error as PosternError).code).toBe('store.full');
      return written;
    }
  }
}

function rowsIn(database: Database): number {
  return database.get<{ rows: number }>('SELECT count(*) AS rows FROM kept')?.rows ?? 0;
}
