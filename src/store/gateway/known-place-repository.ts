import type { Clock } from '#src/base/index.js';
import type { KnownPlaceRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** Of one account, and of all. Who moves about pushes out only his own. */
const mostOfAccount = 8;
const mostKept = 16_384;
/** A place in use is written again when what is kept of it is so old: once a week, flash wears. */
const writtenAgainAfter = 7 * 86_400_000;

/** @see KnownPlaceRepository */
export class SqliteKnownPlaceRepository implements KnownPlaceRepository {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  has(account: string, place: string): boolean {
    return this.#seenAt(account, place) !== undefined;
  }

  add(account: string, place: string): void {
    const now = this.#clock.now();
    const seenAt = this.#seenAt(account, place);
    if (seenAt !== undefined && Math.abs(now - seenAt) < writtenAgainAfter) return;
    this.#database.write(() => {
      this.#database.run('INSERT OR REPLACE INTO known_place (account, place, seen_at) VALUES (?, ?, ?)', account, place, now);
      if (seenAt === undefined) this.#makeRoom(account);
    });
  }

  prune(before: number): void {
    const { old = 0 } = this.#database.get<{ old: number }>('SELECT count(*) AS old FROM known_place WHERE seen_at < ?', before) ?? {};
    if (old > 0) this.#database.run('DELETE FROM known_place WHERE seen_at < ?', before);
  }

  #makeRoom(account: string): void {
    this.#database.run(forgetOfAccountSql, account, account, mostOfAccount);
    const { kept = 0 } = this.#database.get<{ kept: number }>('SELECT count(*) AS kept FROM known_place') ?? {};
    if (kept > mostKept) this.#database.run(forgetSql, kept - mostKept);
  }

  #seenAt(account: string, place: string): number | undefined {
    const sql = 'SELECT seen_at AS at FROM known_place WHERE account = ? AND place = ?';
    return this.#database.get<{ at: number }>(sql, account, place)?.at;
  }
}

const forgetOfAccountSql = `
  DELETE FROM known_place WHERE account = ? AND place NOT IN
    (SELECT place FROM known_place WHERE account = ? ORDER BY seen_at DESC, place LIMIT ?)`;
const forgetSql = `
  DELETE FROM known_place WHERE (account, place) IN (SELECT account, place FROM known_place ORDER BY seen_at, account, place LIMIT ?)`;
