import { closeSync, openSync, statSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { PosternError } from '#src/base/index.js';
import { requirePrivateFile } from '#src/security/index.js';
import { schemaDamage, translateSqliteError } from './sqlite-errors.js';

/** Files up to this size are checked whole at each start: it takes some 50 ms at most. */
export const checkedAtStart = 16 * 1024 * 1024;
/** Milliseconds that a start waits for another program's lock: one that ends, say. */
const busyTimeout = 2_000;
/** The same while it runs: all that waits for it is the event loop. */
const briefTimeout = 5;

const settings = [
  'journal_mode = WAL',
  // SQLite itself brings to the disk only what keeps the file whole; `Database` does it for each commit, beside the event loop.
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'cell_size_check = ON',
  'trusted_schema = OFF',
  // What is deleted is zeroed in its page, as long as that page is written anyway.
  'secure_delete = FAST',
  'temp_store = MEMORY',
  'journal_size_limit = 4194304',
];

/**
 * Opens a SQLite file (made 0600), and looks whether it is sound.
 * @throws PosternError `store.damaged`, `store.busy`, `store.input-output`, `security.file-exposed`
 */
export function openSqliteFile(file: string): SqliteDatabase.Database {
  // SQLite gives its -wal and -shm the mode of the file itself.
  closeSync(openSync(file, 'a', 0o600));
  requirePrivateFile(file);
  let sqlite: SqliteDatabase.Database | undefined;
  try {
    sqlite = new SqliteDatabase(file, { timeout: busyTimeout });
    for (const setting of settings) sqlite.pragma(setting);
    requireSound(sqlite, file);
    bringHome(sqlite);
    return sqlite;
  } catch (error) {
    sqlite?.close();
    // What is asked here fits every schema but one that is no more what it was.
    throw schemaDamage(error, file) ?? translateSqliteError(error, file);
  }
}

/** From now on a lock of another program's is a failure at once, which the next write after it mends. */
export function waitOnlyBriefly(sqlite: SqliteDatabase.Database): void {
  sqlite.pragma(`busy_timeout = ${briefTimeout}`);
}

/**
 * What lies in the log goes into the file, and the log begins anew. Whoever wrote it may have been told that the disk has failed to sync it: it can be read,
 * and yet not be there after a power cut, and what we commit next would lie behind it.
 */
function bringHome(sqlite: SqliteDatabase.Database): void {
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
}

function requireSound(sqlite: SqliteDatabase.Database, file: string): void {
  if (statSync(file).size > checkedAtStart) return;
  const what = String(sqlite.pragma('quick_check(1)', { simple: true }));
  if (what !== 'ok') throw new PosternError('store.damaged', { file, what });
}
