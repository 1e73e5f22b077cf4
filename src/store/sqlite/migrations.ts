import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import { isPosternError, type Log, PosternError } from '#src/base/index.js';
import { translateSqliteError } from './sqlite-errors.js';
import { syncToDisk } from './sync-to-disk.js';

/** One step of a schema. Once released it never changes. */
export interface Migration {
  /** 1, 2, 3 …; kept in the file as `user_version`. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const backupsKept = 2;

/**
 * Brings a file to the newest version, each step in a transaction of its own. An existing database is copied first, to
 * `<file>.before-<newest>.bak`.
 * @throws PosternError `store.newer`, `store.migration-failed`
 */
export function migrate(sqlite: SqliteDatabase.Database, migrations: readonly Migration[], log: Log): void {
  requireNumbered(migrations);
  const found = Number(sqlite.pragma('user_version', { simple: true }));
  const known = migrations.length;
  if (found > known) throw new PosternError('store.newer', { file: sqlite.name, found, known });
  if (found === known) return;
  if (found > 0) log.info({ backup: backUp(sqlite, known), from: found, to: known }, 'migrating the database');
  withoutForeignKeys(sqlite, () => {
    for (const migration of migrations.slice(found)) apply(sqlite, migration);
  });
}

function requireNumbered(migrations: readonly Migration[]): void {
  if (migrations.some((migration, index) => migration.number !== index + 1)) throw new Error('Migrations are numbered 1, 2, 3 …');
}

/** A table that is rebuilt must not take with it what refers to it; each step is checked at its end instead. */
function withoutForeignKeys(sqlite: SqliteDatabase.Database, work: () => void): void {
  sqlite.pragma('foreign_keys = OFF');
  try {
    work();
  } finally {
    sqlite.pragma('foreign_keys = ON');
  }
}

function apply(sqlite: SqliteDatabase.Database, migration: Migration): void {
  const step = sqlite.transaction(() => {
    sqlite.exec(migration.sql);
    if ((sqlite.pragma('foreign_key_check') as unknown[]).length > 0) throw new Error('rows refer to what is not there');
    sqlite.pragma(`user_version = ${migration.number}`);
  });
  try {
    step.immediate();
  } catch (cause) {
    // A disk that is full, say: there is nothing wrong with the step.
    if (!isDamaging(translateSqliteError(cause, sqlite.name))) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new PosternError('store.migration-failed', { file: sqlite.name, version: migration.number, what }, { cause });
  }
}

function isDamaging(error: unknown): boolean {
  return !passing.some((code) => isPosternError(error, code));
}

const passing = ['store.full', 'store.busy', 'store.input-output'] as const;

function backUp(sqlite: SqliteDatabase.Database, version: number): string {
  const backup = `${sqlite.name}.before-${version}.bak`;
  const temporary = `${backup}.tmp`;
  rmSync(temporary, { force: true });
  // SQLite fills an empty file that is there, and keeps its mode.
  closeSync(openSync(temporary, 'wx', 0o600));
  try {
    sqlite.prepare('VACUUM INTO ?').run(temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncToDisk(temporary);
  renameSync(temporary, backup);
  syncToDisk(dirname(backup));
  dropOldBackups(sqlite.name);
  return backup;
}

function dropOldBackups(file: string): void {
  const version = (name: string) => Number(/\.before-(\d+)\.bak$/.exec(name)?.[1]);
  const ours = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.before-`) && !Number.isNaN(version(name)));
  const old = ours.toSorted((a, b) => version(b) - version(a)).slice(backupsKept);
  for (const name of old) rmSync(join(dirname(file), name));
}
