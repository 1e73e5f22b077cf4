import SqliteDatabase from 'better-sqlite3';
import { PosternError } from '#src/base/index.js';

/**
 * The operator's view of what SQLite reports: a full disk, a damaged file. A mistake of ours (syntax, a broken constraint) stays
 * what it is.
 */
export function translateSqliteError(error: unknown, file: string): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  const kind = error.code.split('_').slice(0, 2).join('_');
  const what = error.message;
  const options = { cause: error };
  switch (kind) {
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new PosternError('store.damaged', { file, what }, options);
    case 'SQLITE_FULL':
      return new PosternError('store.full', { file }, options);
    case 'SQLITE_BUSY':
      return new PosternError('store.busy', { file }, options);
    case 'SQLITE_IOERR':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
      return new PosternError('store.input-output', { file, what }, options);
    default:
      return error;
  }
}

/** What is wrong with the tables when a statement that fits those of the newest version cannot be prepared; undefined: it is something else. */
export function schemaDamage(error: unknown, file: string): PosternError | undefined {
  if (!(error instanceof SqliteDatabase.SqliteError) || error.code !== 'SQLITE_ERROR') return undefined;
  return new PosternError('store.damaged', { file, what: error.message }, { cause: error });
}

/** Whether a row was refused because what it belongs to is not there. */
export function isForeignKeyFailure(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}
