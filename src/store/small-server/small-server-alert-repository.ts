import type { AlertRecord, AlertRepository, ClientAlert } from '#src/small-server/index.js';
import type { Database } from '../sqlite/database.js';

/** @see AlertRepository; bounded, for clients decide how much they report. */
export class SqliteAlertRepository implements AlertRepository {
  readonly #database: Database;
  readonly #rows: number;

  /** @param rows how many reports are kept */
  constructor(database: Database, rows: number) {
    this.#database = database;
    this.#rows = rows;
  }

  add(alert: ClientAlert, origin: string | undefined, now: number): void {
    this.#database.write(() => {
      const known = origin === undefined ? 0 : this.#database.run(countSql, alert.client, origin);
      if (known > 0) return;
      const { client, type, source = null, data = null, format = null, mark = null, correlator = null } = alert;
      this.#database.run(addSql, client, origin ?? null, type, source, data, format, mark, correlator, now);
      this.#database.run(pruneSql, this.#rows);
    });
  }

  list(client: string | undefined, most: number): AlertRecord[] {
    const rows =
      client === undefined
        ? this.#database.all<AlertRow>('SELECT * FROM alert ORDER BY id DESC LIMIT ?', most)
        : this.#database.all<AlertRow>('SELECT * FROM alert WHERE client = ? ORDER BY id DESC LIMIT ?', client, most);
    return rows.reverse().map(recordOf);
  }
}

interface AlertRow {
  readonly id: number;
  readonly client: string;
  readonly type: string;
  readonly source: string | null;
  readonly data: string | null;
  readonly format: string | null;
  readonly mark: string | null;
  readonly correlator: string | null;
  readonly received_at: number;
  readonly count: number;
}

const optionalColumns = ['source', 'data', 'format', 'mark', 'correlator'] as const;

const countSql = 'UPDATE alert SET count = count + 1 WHERE client = ? AND origin = ?';

const addSql = `
  INSERT INTO alert (client, origin, type, source, data, format, mark, correlator, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const pruneSql = 'DELETE FROM alert WHERE id IN (SELECT id FROM alert ORDER BY id DESC LIMIT -1 OFFSET ?)';

function recordOf(row: AlertRow): AlertRecord {
  const { id, client, type, received_at: receivedAt, count } = row;
  const optional = Object.fromEntries(optionalColumns.flatMap((column) => (row[column] === null ? [] : [[column, row[column]]])));
  return { id, client, type, receivedAt, count, ...optional };
}
