import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Database, type Migration } from '#src/store/index.js';
import { temporaryDirectory } from './store-fixture.js';

const migrations: readonly Migration[] = [{ number: 1, name: 'test', sql: 'CREATE TABLE entry (id TEXT PRIMARY KEY) STRICT' }];

/** The files as a kill leaves them: what was committed lies in the log alone. */
async function killed(): Promise<string> {
  const file = join(temporaryDirectory(), 'test.db');
  const database = Database.open({ file, migrations });
  database.run("INSERT INTO entry (id) VALUES ('kept')");
  await database.committed();
  const left = join(temporaryDirectory(), 'test.db');
  for (const part of ['', '-wal']) copyFileSync(file + part, left + part);
  database.close();
  return left;
}

it('whatever was told of syncing it: what is committed next lies behind no gap', async () => {
  const file = await killed();
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
  const database = Database.open({ file, migrations });
  expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0);
  const alone = join(temporaryDirectory(), 'alone.db');
  copyFileSync(file, alone);
  const read = new SqliteDatabase(alone, { readonly: true });
  expect(read.prepare('SELECT id FROM entry').all()).toEqual([{ id: 'kept' }]);
  read.close();
  database.run("INSERT INTO entry (id) VALUES ('later')");
  await database.committed();
  database.close();
});
