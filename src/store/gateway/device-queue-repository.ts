import type { DeviceQueueRepository, QueuedMessage, QueueLoad } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';

/** @see DeviceQueueRepository; an unknown device breaks the reference and is refused by SQLite. */
export class SqliteDeviceQueueRepository implements DeviceQueueRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(device: string, leaf: string, payload: Uint8Array, createdAt: number): void {
    this.#database.run(addSql, device, leaf, payload, payload.length, createdAt);
  }

  load(device?: string): QueueLoad {
    const loaded = device === undefined ? this.#database.get<QueueLoad>(loadSql) : this.#database.get<QueueLoad>(ofDeviceSql, device);
    return loaded ?? { rows: 0, bytes: 0 };
  }

  waiting(device: string): QueuedMessage[] {
    return this.#database.all<QueuedMessage>('SELECT id, leaf FROM device_message WHERE device = ? ORDER BY id', device);
  }

  payload(id: number): Uint8Array | undefined {
    return this.#database.get<{ payload: Uint8Array }>('SELECT payload FROM device_message WHERE id = ?', id)?.payload;
  }

  drop(id: number): void {
    this.#database.run('DELETE FROM device_message WHERE id = ?', id);
  }

  dropLeaf(device: string, leaf: string): void {
    this.#database.run('DELETE FROM device_message WHERE device = ? AND leaf = ?', device, leaf);
  }

  expire(before: number): number {
    if (this.#database.get(`SELECT 1 ${expiredSql} LIMIT 1`, earliestClock, before) === undefined) return 0;
    return this.#database.run(`DELETE ${expiredSql}`, earliestClock, before);
  }
}

/** What a clock that was not set yet has dated is of unknown age. */
const earliestClock = Date.UTC(2025, 0, 1);

const addSql = 'INSERT INTO device_message (device, leaf, payload, bytes, created_at) VALUES (?, ?, ?, ?, ?)';

const loadSql = 'SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM device_message';

const ofDeviceSql = `${loadSql} WHERE device = ?`;

const expiredSql = 'FROM device_message WHERE created_at >= ? AND created_at < ?';
