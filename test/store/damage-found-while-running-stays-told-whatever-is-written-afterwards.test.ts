import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { wellness } from '#src/programs/gateway/health/wellness.js';
import { Database } from '#src/store/sqlite/database.js';
import { temporaryDirectory } from './store-fixture.js';

const pageBytes = 4_096;
const migrations = [
  { number: 1, name: 'good', sql: 'CREATE TABLE good (bytes BLOB NOT NULL) STRICT' },
  { number: 2, name: 'bad', sql: 'CREATE TABLE bad (bytes BLOB NOT NULL) STRICT' },
];

test('the health is broken from then on, since the next commit proves nothing about the rest', async () => {
  const file = join(temporaryDirectory(), 'test.db');
  const database = Database.open({ file, migrations });
  onTestFinished(() => database.close());
  for (let row = 0; row < 40; row += 1) database.run('INSERT INTO bad (bytes) VALUES (?)', new Uint8Array(1_000));
  await database.committed();
  database.all('PRAGMA wal_checkpoint(TRUNCATE)');
  const pages = database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  expect(pages).toBeGreaterThan(8);
  // The last pages are of the table that was filled; the first ones hold the schema and the empty table.
  writeSync(openSync(file, 'r+'), Buffer.alloc((pages - 4) * pageBytes, 0xa5), 0, (pages - 4) * pageBytes, 4 * pageBytes);
  database.run('PRAGMA shrink_memory');
  await database.committed();
  const well = wellness({ state: () => 'running', store: database });
  expect(well.broken()).toEqual([]);
  expect(() => database.all('SELECT * FROM bad')).toThrow(expect.objectContaining({ code: 'store.damaged' }));
  expect(well.broken()).toEqual([expect.stringContaining('is damaged')]);
  database.run('INSERT INTO good (bytes) VALUES (?)', new Uint8Array(1_000));
  await database.committed();
  expect(database.all('SELECT * FROM good')).toHaveLength(1);
  expect(well.broken()).toEqual([expect.stringContaining('is damaged')]);
});
