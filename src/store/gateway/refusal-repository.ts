import type { RefusalRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** @see RefusalRepository */
export class SqliteRefusalRepository implements RefusalRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  has(id: string): boolean {
    return this.#database.get('SELECT 1 FROM refused_device WHERE id = ?', id) !== undefined;
  }

  list(): { id: string; refusedAt: number }[] {
    return this.#database.all('SELECT id, refused_at AS refusedAt FROM refused_device ORDER BY refused_at, id');
  }

  add(id: string, now: number, most: number): void {
    if (this.has(id)) return;
    this.#database.run('INSERT INTO refused_device (id, refused_at) VALUES (?, ?)', id, now);
    const kept = this.#database.get<{ rows: number }>('SELECT count(*) AS rows FROM refused_device')?.rows ?? 0;
    if (kept > most) this.#database.run(forgetSql, kept - most);
  }

  remove(id: string): boolean {
    return this.has(id) && this.#database.run('DELETE FROM refused_device WHERE id = ?', id) > 0;
  }
}

const forgetSql = 'DELETE FROM refused_device WHERE id IN (SELECT id FROM refused_device ORDER BY refused_at, id LIMIT ?)';
