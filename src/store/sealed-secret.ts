import { PosternError } from '#src/base/index.js';
import type { Secret } from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import type { Database } from './sqlite/database.js';
import type { UnreadableRows } from './sqlite/unreadable-rows.js';

/** What a repository of rows with secrets in them works on. */
export interface SealedRows {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly unreadable: UnreadableRows;
}

/** Where a sealed value lies: table, row, column. It opens nowhere else. */
export function sealContext(table: string, row: readonly string[], column: string): string {
  return JSON.stringify([table, ...row, column]);
}

export function sealSecret(sealer: Sealer, secret: Secret, context: string): string {
  return sealer.seal(JSON.stringify(secret), context);
}

/**
 * @param sealed what the column holds: a damaged schema can give another kind of value, or none
 * @throws PosternError `security.wrong-key`, `security.sealed-damaged`
 */
export function openSecret(sealer: Sealer, sealed: unknown, context: string): Secret {
  if (typeof sealed !== 'string') throw new PosternError('security.sealed-damaged', { context });
  return JSON.parse(sealer.open(sealed, context)) as Secret;
}
