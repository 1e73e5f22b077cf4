import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Database, type Migration } from '#src/store/index.js';
import { temporaryDirectory } from './store-fixture.js';

const schema: Migration = { number: 1, name: 'test', sql: 'CREATE TABLE entry (id TEXT PRIMARY KEY) STRICT' };
const insert = 'INSERT INTO entry (id) VALUES (?)';
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('resolves when the disk has taken the commit, not before', async () => {
  const { database, disk } = open();
  database.run(insert, 'a');
  const acknowledged = heard(database.committed());
  await disk.asked();
  expect(database.commits).toBe(1);
  const later = heard(database.committed());
  await turn();
  expect([acknowledged.is, later.is]).toEqual(['waiting', 'waiting']);
  disk.takes();
  await turn();
  expect([acknowledged.is, later.is]).toEqual(['kept', 'kept']);
});

it('gathers what is written while the disk works into one commit, which has a sync of its own', async () => {
  const { database, disk } = open();
  database.run(insert, 'a');
  await disk.asked();
  database.run(insert, 'b');
  await turn();
  database.run(insert, 'c');
  const acknowledged = heard(database.committed());
  await turn();
  expect(database.commits).toBe(1);
  disk.takes();
  await disk.asked();
  expect(database.commits).toBe(2);
  expect(acknowledged.is).toBe('waiting');
  disk.takes();
  await turn();
  expect(acknowledged.is).toBe('kept');
});

it('acknowledges nothing any more once the disk has failed: what it was given before may be lost too', async () => {
  const { database, disk } = open();
  database.run(insert, 'a');
  const acknowledged = heard(database.committed());
  await disk.asked();
  database.run(insert, 'b');
  const next = heard(database.committed());
  disk.fails();
  await disk.asked();
  disk.takes();
  await turn();
  expect([acknowledged.is, next.is]).toEqual(['store.input-output', 'store.input-output']);
  expect(() => database.run(insert, 'c')).toThrow(expect.objectContaining({ code: 'store.input-output' }));
  await expect(database.committed()).rejects.toMatchObject({ code: 'store.input-output' });
  expect(database.failure?.code).toBe('store.input-output');
  expect(await database.broken).toBe(database.failure);
});

it('keeps what is open and what is on its way when it is closed', async () => {
  const { database, disk, file } = open();
  database.run(insert, 'a');
  const first = heard(database.committed());
  await disk.asked();
  database.run(insert, 'b');
  const second = heard(database.committed());
  database.close();
  await turn();
  expect([first.is, second.is]).toEqual(['kept', 'kept']);
  disk.takes();
  const again = Database.open({ file, migrations: [schema] });
  expect(again.all('SELECT id FROM entry ORDER BY id')).toEqual([{ id: 'a' }, { id: 'b' }]);
  again.close();
});

it('asks the disk for nothing when nothing was written', async () => {
  const { database, disk } = open();
  expect(() => database.run('INSERT INTO nowhere VALUES (1)')).toThrow();
  await database.committed();
  await turn();
  expect(disk.waits).toBe(false);
});

/** A database whose disk answers when the test says so. */
function open() {
  const disk = new SlowDisk();
  const file = join(temporaryDirectory(), 'test.db');
  const database = Database.open({ file, migrations: [schema], sync: disk.sync });
  onTestFinished(() => database.close());
  return { database, disk, file };
}

class SlowDisk {
  #done: ((error: Error | null) => void) | undefined;

  readonly sync = (_descriptor: number, done: (error: Error | null) => void): void => {
    expect(this.waits).toBe(false);
    this.#done = done;
  };

  get waits(): boolean {
    return this.#done !== undefined;
  }

  async asked(): Promise<void> {
    while (!this.waits) await turn();
  }

  takes(error: Error | null = null): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }

  fails(): void {
    this.takes(new Error('EIO: i/o error, fdatasync'));
  }
}

/** What has become of a promise so far. */
function heard(promise: Promise<void>): { is: string } {
  const outcome = { is: 'waiting' };
  promise.then(
    () => {
      outcome.is = 'kept';
    },
    (error: { code: string }) => {
      outcome.is = error.code;
    },
  );
  return outcome;
}
