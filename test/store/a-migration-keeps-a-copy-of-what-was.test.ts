import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Database, type Migration } from '#src/store/index.js';
import { temporaryDirectory } from './store-fixture.js';

const first: Migration = { number: 1, name: 'first', sql: 'CREATE TABLE entry (id TEXT PRIMARY KEY) STRICT' };
const second: Migration = { number: 2, name: 'second', sql: `ALTER TABLE entry ADD COLUMN note TEXT NOT NULL DEFAULT 'none'` };
const broken: Migration = { number: 2, name: 'broken', sql: 'CREATE TABLE half (id TEXT) STRICT; CREATE TABLE entry (id TEXT)' };
const later = (number: number): Migration => ({ number, name: 'later', sql: `CREATE TABLE t${number} (id TEXT) STRICT` });

it('needs no copy for a new database', () => {
  const file = newFile();
  Database.open({ file, migrations: [first, second] }).close();
  expect(copies(file)).toEqual([]);
});

it('copies the database first (0600), then brings it to the newest version', () => {
  const file = databaseOf([first]);
  const database = Database.open({ file, migrations: [first, second] });
  expect(database.all('SELECT * FROM entry')).toEqual([{ id: 'kept', note: 'none' }]);
  database.close();
  expect(copies(file)).toEqual(['test.db.before-2.bak']);
  const copy = `${file}.before-2.bak`;
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const kept = new SqliteDatabase(copy, { readonly: true });
  expect(kept.prepare('SELECT * FROM entry').all()).toEqual([{ id: 'kept' }]);
  expect(kept.pragma('user_version', { simple: true })).toBe(1);
  kept.close();
});

it('keeps the last two copies', () => {
  const file = databaseOf([first]);
  const migrations = [first, second];
  for (let number = 3; number <= 11; number++) {
    migrations.push(later(number));
    Database.open({ file, migrations }).close();
  }
  expect(copies(file)).toEqual(['test.db.before-10.bak', 'test.db.before-11.bak']);
});

it('leaves the database as it was when a step fails', () => {
  const file = databaseOf([first]);
  expect(() => Database.open({ file, migrations: [first, broken] })).toThrow(expect.objectContaining({ code: 'store.migration-failed' }));
  const database = Database.open({ file, migrations: [first] });
  expect(database.all('SELECT * FROM entry')).toEqual([{ id: 'kept' }]);
  expect(database.all(`SELECT name FROM sqlite_schema WHERE name = 'half'`)).toEqual([]);
  database.close();
});

it('refuses a step that leaves rows without what they refer to', () => {
  const dangling: Migration = {
    number: 2,
    name: 'dangling',
    sql: `CREATE TABLE child (parent TEXT REFERENCES entry (id)) STRICT; INSERT INTO child VALUES ('nobody')`,
  };
  expect(() => Database.open({ file: databaseOf([first]), migrations: [first, dangling] })).toThrow(/refer to what is not there/);
});

it('refuses a database of a newer Postern, and says what to do', () => {
  const file = databaseOf([first, second]);
  expect(() => Database.open({ file, migrations: [first] })).toThrow(/has version 2, this Postern knows versions up to 1: run the newer/);
});

function newFile(): string {
  return join(temporaryDirectory(), 'test.db');
}

function databaseOf(migrations: Migration[]): string {
  const file = newFile();
  const database = Database.open({ file, migrations });
  database.run('INSERT INTO entry (id) VALUES (?)', 'kept');
  database.close();
  return file;
}

function copies(file: string): string[] {
  return readdirSync(join(file, '..'))
    .filter((name) => name !== 'test.db')
    .sort();
}
