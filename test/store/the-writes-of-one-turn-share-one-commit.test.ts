import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Log } from '#src/base/index.js';
import { Database, type Migration } from '#src/store/index.js';
import { temporaryDirectory } from './store-fixture.js';

const schema: Migration = {
  number: 1,
  name: 'test',
  sql: `CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE entry (
      id TEXT PRIMARY KEY,
      parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;`,
};
const insert = 'INSERT INTO entry (id) VALUES (?)';

it('commits two writes of a turn once, and those of the next turn again', async () => {
  const { database } = open();
  database.run(insert, 'a');
  database.write(() => database.run(insert, 'b'));
  expect(database.commits).toBe(0);
  await database.committed();
  expect(database.commits).toBe(1);
  database.run(insert, 'c');
  await database.committed();
  expect(database.commits).toBe(2);
});

it('answers only after the commit', async () => {
  const { database, seenByOthers } = open();
  database.run(insert, 'a');
  const answered = database.committed().then(() => seenByOthers());
  expect(seenByOthers()).toEqual([]);
  expect(await answered).toEqual(['a']);
});

it('commits without anybody waiting, and waits for nothing when nothing was written', async () => {
  const { database, seenByOthers } = open();
  await database.committed();
  expect(database.commits).toBe(0);
  database.run(insert, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(seenByOthers()).toEqual(['a']);
});

it('undoes only the write that throws, first or not', async () => {
  const { database, seenByOthers } = open();
  const failing = (id: string) => () =>
    database.write(() => {
      database.run(insert, id);
      throw new Error('no');
    });
  expect(failing('x')).toThrow('no');
  database.run(insert, 'a');
  expect(failing('y')).toThrow('no');
  expect(() => database.run(insert, 'a')).toThrow(/UNIQUE/);
  database.write(() => {
    database.run(insert, 'b');
    expect(failing('z')).toThrow('no');
  });
  await database.committed();
  expect(seenByOthers()).toEqual(['a', 'b']);
});

it('tells everybody who waits when the commit fails, and goes on in the next turn', async () => {
  const { database, seenByOthers } = open();
  database.run(insert, 'a');
  const first = database.committed();
  database.run('INSERT INTO entry (id, parent) VALUES (?, ?)', 'b', 9);
  const second = database.committed();
  await expect(first).rejects.toMatchObject({ code: 'store.lost' });
  await expect(second).rejects.toMatchObject({ code: 'store.lost' });
  database.run(insert, 'c');
  await database.committed();
  expect(seenByOthers()).toEqual(['c']);
});

it('tells the next to ask about a failed commit that nobody waited for, once, and the log', async () => {
  const lines: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (_fields: object, message: string) => void lines.push(message) };
  const { database } = open(log);
  database.run('INSERT INTO entry (id, parent) VALUES (?, ?)', 'b', 9);
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual([expect.stringMatching(/could not be kept/)]);
  await expect(database.committed()).rejects.toMatchObject({ code: 'store.lost' });
  await database.committed();
});

it('acknowledges nothing of a turn that SQLite itself has undone', async () => {
  const { database, seenByOthers } = open();
  database.run(insert, 'a');
  expect(() => database.run('INSERT OR ROLLBACK INTO entry (id) VALUES (?)', 'a')).toThrow(/UNIQUE/);
  expect(() => database.run(insert, 'b')).toThrow(/could not be kept/);
  await expect(database.committed()).rejects.toMatchObject({ code: 'store.lost' });
  database.run(insert, 'c');
  await database.committed();
  expect(seenByOthers()).toEqual(['c']);
});

it('says that the disk is full, and writes again when there is room', async () => {
  const { database, seenByOthers } = open();
  database.get('PRAGMA max_page_count = 12');
  const fill = () => database.run(insert, 'x'.repeat(40_000));
  expect(fill).toThrow(expect.objectContaining({ code: 'store.full' }));
  await database.committed().catch(() => {});
  database.get('PRAGMA max_page_count = 1000');
  database.run(insert, 'a');
  await database.committed();
  expect(seenByOthers()).toEqual(['a']);
});

it('is set so that a commit is on disk and references hold', () => {
  const { reopened: database } = open();
  const setting = (name: string) => Object.values(database.get<object>(`PRAGMA ${name}`) ?? {})[0];
  expect(setting('journal_mode')).toBe('wal');
  // 1 is NORMAL: the sync of each commit is ours.
  expect(setting('synchronous')).toBe(1);
  expect(setting('foreign_keys')).toBe(1);
  expect(setting('trusted_schema')).toBe(0);
  expect(setting('cell_size_check')).toBe(1);
});

function open(log?: Log) {
  const file = join(temporaryDirectory(), 'test.db');
  const options = { file, migrations: [schema] };
  const database = Database.open(log ? { ...options, log } : options);
  const other = Database.open(options);
  onTestFinished(() => {
    other.close();
    database.close();
  });
  const seenByOthers = () => other.all<{ id: string }>('SELECT id FROM entry ORDER BY id').map(({ id }) => id);
  return { database, reopened: other, seenByOthers };
}
