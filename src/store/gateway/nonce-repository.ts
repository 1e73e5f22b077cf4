import type { NonceFor, NonceRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** @see NonceRepository; nonces travel in the clear and are kept so. */
export class SqliteNonceRepository implements NonceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(leg: string, whose: NonceFor): string | undefined {
    return this.#database.get<{ value: string }>('SELECT value FROM nonce WHERE leg = ? AND whose = ?', leg, whose)?.value;
  }

  put(leg: string, whose: NonceFor, nonce: string): void {
    if (this.get(leg, whose) === nonce) return;
    this.#database.run(putSql, leg, whose, nonce);
  }
}

const putSql = `
  INSERT INTO nonce (leg, whose, value) VALUES (?, ?, ?)
  ON CONFLICT (leg, whose) DO UPDATE SET value = excluded.value`;
