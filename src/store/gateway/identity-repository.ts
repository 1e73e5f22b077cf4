import type { IdentityRepository } from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import { sealContext } from '../sealed-secret.js';
import type { Database } from '../sqlite/database.js';

/** @see IdentityRepository */
export class SqliteIdentityRepository implements IdentityRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: 'devId'): string | undefined {
    return read(this.#database, key);
  }

  put(key: 'devId', value: string): void {
    if (this.get(key) !== value) write(this.#database, key, value);
  }
}

/**
 * Finds out at start, not at the first session, that the key is not the one the secrets were sealed with.
 * @throws PosternError `security.wrong-key`, `security.sealed-damaged`
 */
export function requireSameKey(database: Database, sealer: Sealer): void {
  const context = sealContext('identity', ['key-check'], 'value');
  const sealed = read(database, 'key-check');
  if (sealed === undefined) write(database, 'key-check', sealer.seal('', context));
  else sealer.open(sealed, context);
}

function read(database: Database, key: string): string | undefined {
  return database.get<{ value: string }>('SELECT value FROM identity WHERE key = ?', key)?.value;
}

function write(database: Database, key: string, value: string): void {
  database.run('INSERT INTO identity (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value);
}
