import type { Clock, Log } from '#src/base/index.js';
import type { OutboxAlert, OutboxRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** How a report ended. */
type Outcome = 'delivered' | 'refused' | 'expired';

export interface OutboxLimits {
  /** Unsettled alerts of one owner; a further one is refused. */
  readonly outboxRows: number;
  /** Bytes that unsettled alerts of one owner may reach; a further one is refused. */
  readonly outboxBytes: number;
  /** Milliseconds after which an unsettled alert expires. */
  readonly outboxAge: number;
}

export interface OutboxOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: OutboxLimits;
  readonly log: Log;
}

/** @see OutboxRepository; what is too old is settled as expired when the outbox is pruned, or when an owner's share is full. */
export class SqliteOutboxRepository implements OutboxRepository {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #limits: OutboxLimits;
  readonly #log: Log;
  /** How many more an owner may queue before they have to be counted again: to settle some only makes room. */
  readonly #room = new Map<string, Room>();

  constructor({ database, clock, limits, log }: OutboxOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
  }

  enqueue(alert: Omit<OutboxAlert, 'id' | 'attempts'>): boolean {
    const { origin, owner, serverId } = alert;
    if (this.outcome(owner, serverId, origin) !== undefined) return false;
    if (this.#isFull(owner, Buffer.byteLength(alert.alert))) return false;
    this.#database.run(enqueueSql, owner, serverId, origin, alert.after ?? null, alert.alert, alert.createdAt, alert.nextAt);
    return true;
  }

  pending(owner: string, serverId: string): OutboxAlert[] {
    return this.#database.all<OutboxAlert>(pendingSql, owner, serverId);
  }

  isPending(owner: string, serverId: string): boolean {
    return this.#database.get(isPendingSql, owner, serverId) !== undefined;
  }

  due(): { owner: string; serverId: string; address: string; nextAt: number }[] {
    return this.#database.all(dueSql);
  }

  settle(id: number, outcome: Outcome, now: number): void {
    this.#database.run(settleSql, outcome, now, id);
  }

  postpone(id: number, nextAt: number): void {
    this.#database.run('UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ? AND settled_at IS NULL', nextAt, id);
  }

  count(owner: string): number {
    return this.#database.get<{ rows: number }>(countSql, owner)?.rows ?? 0;
  }

  total(): number {
    return this.#database.get<{ rows: number }>('SELECT count(*) AS rows FROM outbox WHERE settled_at IS NULL')?.rows ?? 0;
  }

  outcome(owner: string, serverId: string, origin: string): 'pending' | Outcome | undefined {
    const row = this.#database.get<{ outcome: Outcome | null }>(outcomeSql, origin, owner, serverId);
    return row && (row.outcome ?? 'pending');
  }

  forget(owner: string, origin: string): void {
    if (this.#database.get(`SELECT 1 ${settledSql} LIMIT 1`, origin, owner)) this.#database.run(`DELETE ${settledSql}`, origin, owner);
  }

  prune(before: number): void {
    this.#expire();
    // What the gateway has told of its devices stays known: told again, it would be news to nobody.
    if (this.#database.get("SELECT 1 FROM outbox WHERE settled_at < ? AND owner <> 'gateway' LIMIT 1", before)) {
      this.#database.run("DELETE FROM outbox WHERE settled_at < ? AND owner <> 'gateway'", before);
    }
  }

  #isFull(owner: string, bytes: number): boolean {
    if (this.#takeRoom(owner, bytes)) return false;
    this.#expire();
    if (this.#takeRoom(owner, bytes)) return false;
    const { outboxRows, outboxBytes } = this.#limits;
    const limit = this.#roomOf(owner).rows > 0 ? outboxBytes : outboxRows;
    this.#log.warn({ owner, limit }, 'the outbox of this owner is full: a report is not taken');
    return true;
  }

  /** The last one may reach beyond the bytes: an object of any size can be reported. */
  #takeRoom(owner: string, bytes: number): boolean {
    const known = this.#room.get(owner);
    const room = known !== undefined && isRoom(known) ? known : this.#roomOf(owner);
    // What devices report is little and rare: their counts are not kept for ever.
    if (this.#room.size >= ownersRemembered) this.#room.clear();
    this.#room.set(owner, { rows: room.rows - 1, bytes: room.bytes - bytes });
    return isRoom(room);
  }

  #roomOf(owner: string): Room {
    const { outboxRows, outboxBytes } = this.#limits;
    const used = this.#database.get<Room>(usedSql, owner) ?? { rows: 0, bytes: 0 };
    return { rows: outboxRows - used.rows, bytes: outboxBytes - used.bytes };
  }

  #expire(): void {
    const now = this.#clock.now();
    const before = now - this.#limits.outboxAge;
    if (!this.#database.get(expiredSql, earliestClock, before)) return;
    const expired = this.#database.run(expireSql, now, earliestClock, before);
    this.#log.warn({ expired }, 'reports that no DM server took in time have expired');
  }
}

const ownersRemembered = 64;

/** What an owner may still queue. */
interface Room {
  readonly rows: number;
  readonly bytes: number;
}

function isRoom({ rows, bytes }: Room): boolean {
  return rows > 0 && bytes > 0;
}

/** What a clock that was not set yet has dated is of unknown age: it does not expire. */
const earliestClock = Date.UTC(2025, 0, 1);

const settledSql = 'FROM outbox WHERE origin = ? AND owner = ? AND settled_at IS NOT NULL';

const outcomeSql = 'SELECT outcome FROM outbox WHERE origin = ? AND owner = ? AND server_id = ?';

const enqueueSql = `
  INSERT INTO outbox (owner, server_id, origin, after_origin, alert, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** Nothing that it comes after is still on its way. */
const isNextSql = `
  (after_origin IS NULL OR NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.origin = outbox.after_origin AND earlier.owner = outbox.owner AND earlier.server_id = outbox.server_id
      AND earlier.settled_at IS NULL))`;

const pendingSql = `
  SELECT id, owner, server_id AS serverId, alert, origin, created_at AS createdAt, attempts, next_at AS nextAt
  FROM outbox WHERE owner = ? AND server_id = ? AND settled_at IS NULL AND ${isNextSql} ORDER BY id`;

const isPendingSql = `SELECT 1 FROM outbox WHERE owner = ? AND server_id = ? AND settled_at IS NULL AND ${isNextSql} LIMIT 1`;

/** The length of a text is known without its being read. */
const usedSql = `
  SELECT count(*) AS rows, coalesce(sum(octet_length(alert)), 0) AS bytes FROM outbox WHERE owner = ? AND settled_at IS NULL`;

const dueSql = `
  SELECT waiting.owner, waiting.server_id AS serverId, coalesce(account.address, '') AS address, waiting.next_at AS nextAt
  FROM (
    SELECT owner, server_id, min(next_at) AS next_at, min(id) AS oldest
    FROM outbox WHERE settled_at IS NULL AND ${isNextSql} GROUP BY owner, server_id
  ) AS waiting
  LEFT JOIN account ON account.owner = waiting.owner AND account.server_id = waiting.server_id
  ORDER BY waiting.oldest`;

/** Its origin is kept, its content is not. */
const settleSql = `UPDATE outbox SET outcome = ?, settled_at = ?, alert = '' WHERE id = ? AND settled_at IS NULL`;

const countSql = 'SELECT count(*) AS rows FROM outbox WHERE owner = ? AND settled_at IS NULL';

const expiredSql = 'SELECT 1 FROM outbox WHERE settled_at IS NULL AND created_at >= ? AND created_at < ? LIMIT 1';

const expireSql = `
  UPDATE outbox SET outcome = 'expired', settled_at = ?, alert = ''
  WHERE settled_at IS NULL AND created_at >= ? AND created_at < ?`;
