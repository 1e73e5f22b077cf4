import type { Sealer } from '#src/security/index.js';
import type { CommandRecord, CommandRepository, CommandState, Order, OrderOutcome } from '#src/small-server/index.js';
import { sealContext } from '../sealed-secret.js';
import type { Database } from '../sqlite/database.js';

export interface CommandRepositoryOptions {
  readonly database: Database;
  readonly sealer: Sealer;
  /** Ended commands that are kept. */
  readonly settled: number;
}

/** @see CommandRepository; orders and results are sealed, for passwords travel in them. */
export class SqliteCommandRepository implements CommandRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #settled: number;

  constructor({ database, sealer, settled }: CommandRepositoryOptions) {
    this.#database = database;
    this.#sealer = sealer;
    this.#settled = settled;
  }

  get(id: number): CommandRecord | undefined {
    const row = this.#database.get<CommandRow>('SELECT * FROM command WHERE id = ?', id);
    return row && this.#record(row);
  }

  add(client: string, order: Order, now: number): number {
    const request = this.#sealer.seal(JSON.stringify(order), context(client, 'request'));
    const row = this.#database.get<{ id: number }>('SELECT seq AS id FROM sqlite_sequence WHERE name = ?', 'command');
    const id = (row?.id ?? 0) + 1;
    this.#database.run('INSERT INTO command (id, client, request, queued_at) VALUES (?, ?, ?, ?)', id, client, request, now);
    return id;
  }

  queued(client: string): number {
    return (
      this.#database.get<{ rows: number }>(`SELECT count(*) AS rows FROM command WHERE client = ? AND state = 'queued'`, client)?.rows ?? 0
    );
  }

  take(client: string, most: number): CommandRecord[] {
    const rows = this.#database.all<CommandRow>(queuedSql, client, most);
    if (rows.length === 0) return [];
    return this.#database.write(() =>
      rows.map((row) => {
        this.#database.run(`UPDATE command SET state = 'sent' WHERE id = ?`, row.id);
        return this.#record({ ...row, state: 'sent' });
      }),
    );
  }

  sent(client: string): number[] {
    const rows = this.#database.all<{ id: number }>(`SELECT id FROM command WHERE client = ? AND state = 'sent' ORDER BY id`, client);
    return rows.map(({ id }) => id);
  }

  settle(id: number, state: 'done' | 'aborted', { statuses, results, reason }: OrderOutcome, now: number): void {
    const row = this.#database.get<{ client: string }>(`SELECT client FROM command WHERE id = ? AND state = 'sent'`, id);
    if (row === undefined) return;
    const sealed = results.length === 0 ? null : this.#sealer.seal(JSON.stringify(results), context(row.client, 'results'));
    this.#database.write(() => {
      this.#database.run(settleSql, state, JSON.stringify(statuses), sealed, reason ?? null, now, id);
      this.#database.run(pruneSql, this.#settled);
    });
  }

  putBack(id: number): void {
    this.#database.run(`UPDATE command SET state = 'queued' WHERE id = ? AND state = 'sent'`, id);
  }

  #record(row: CommandRow): CommandRecord {
    const { id, client, state, results, reason } = row;
    return {
      id,
      client,
      state,
      order: JSON.parse(this.#sealer.open(row.request, context(client, 'request'))) as Order,
      statuses: JSON.parse(row.statuses) as CommandRecord['statuses'],
      results: results === null ? [] : (JSON.parse(this.#sealer.open(results, context(client, 'results'))) as CommandRecord['results']),
      ...(reason === null ? {} : { reason }),
    };
  }
}

interface CommandRow {
  readonly id: number;
  readonly client: string;
  readonly state: CommandState;
  readonly request: string;
  readonly statuses: string;
  readonly results: string | null;
  readonly reason: string | null;
}

const queuedSql = `SELECT * FROM command WHERE client = ? AND state = 'queued' ORDER BY id LIMIT ?`;

const settleSql = `
  UPDATE command SET state = ?, statuses = ?, results = ?, reason = ?, settled_at = ? WHERE id = ? AND state = 'sent'`;

const pruneSql = `
  DELETE FROM command WHERE id IN (SELECT id FROM command WHERE settled_at IS NOT NULL ORDER BY id DESC LIMIT -1 OFFSET ?)`;

function context(client: string, column: string): string {
  return sealContext('command', [client], column);
}
