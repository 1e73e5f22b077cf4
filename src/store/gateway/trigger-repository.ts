import type { PendingTrigger, TriggerKey, TriggerRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** @see TriggerRepository; they go with their account. */
export class SqliteTriggerRepository implements TriggerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  pending(owner?: string, serverId?: string): PendingTrigger[] {
    if (owner === undefined) return this.#database.all<PendingTrigger>(pendingSql(''));
    if (serverId === undefined) return this.#database.all<PendingTrigger>(pendingSql('AND owner = ?'), owner);
    return this.#database.all<PendingTrigger>(pendingSql('AND owner = ? AND server_id = ?'), owner, serverId);
  }

  count(): number {
    return this.#database.get<{ rows: number }>("SELECT count(*) AS rows FROM session_request WHERE state = 'pending'")?.rows ?? 0;
  }

  state(key: TriggerKey): 'pending' | 'used' | undefined {
    return this.#database.get<{ state: 'pending' | 'used' }>(`SELECT state FROM session_request ${whereKey}`, ...valuesOf(key))?.state;
  }

  add(trigger: PendingTrigger): void {
    const { uiMode, initiator, carrier, receivedAt } = trigger;
    this.#database.run(addSql, ...valuesOf(trigger), uiMode, initiator, carrier, receivedAt);
  }

  use(key: TriggerKey): void {
    this.#database.run(`UPDATE session_request SET state = 'used' ${whereKey}`, ...valuesOf(key));
  }

  drop(key: TriggerKey): void {
    this.#database.run(`DELETE FROM session_request ${whereKey}`, ...valuesOf(key));
  }

  forgetUsed(owner: string, serverId: string, nonce: string): void {
    if (this.#database.get(`SELECT 1 ${forgottenSql} LIMIT 1`, owner, serverId, nonce) === undefined) return;
    this.#database.run(`DELETE ${forgottenSql}`, owner, serverId, nonce);
  }

  expire(before: number): number {
    if (this.#database.get(`SELECT 1 ${expiredSql} LIMIT 1`, before) === undefined) return 0;
    return this.#database.run(`DELETE ${expiredSql}`, before);
  }
}

function pendingSql(condition: string): string {
  return `
    SELECT owner, server_id AS serverId, nonce, session_id AS sessionId, ui_mode AS uiMode, initiator, carrier, received_at AS receivedAt
    FROM session_request WHERE state = 'pending' ${condition} ORDER BY received_at, owner, server_id, session_id`;
}

const whereKey = 'WHERE owner = ? AND server_id = ? AND nonce = ? AND session_id = ?';

const addSql = `
  INSERT INTO session_request (owner, server_id, nonce, session_id, ui_mode, initiator, carrier, received_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const forgottenSql = "FROM session_request WHERE owner = ? AND server_id = ? AND state = 'used' AND nonce <> ?";

const expiredSql = "FROM session_request WHERE state = 'pending' AND received_at < ?";

function valuesOf({ owner, serverId, nonce, sessionId }: TriggerKey): [string, string, string, string] {
  return [owner, serverId, nonce, sessionId];
}
