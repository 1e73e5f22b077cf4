import { PosternError } from '#src/base/index.js';
import type { AclRepository } from '#src/gateway/index.js';
import type { Database } from '../sqlite/database.js';
import { isForeignKeyFailure } from '../sqlite/sqlite-errors.js';

/** @see AclRepository; bounded per device, for a server chooses the URIs. */
export class SqliteAclRepository implements AclRepository {
  readonly #database: Database;
  readonly #rows: number;

  /** @param rows how many ACLs are kept for one device */
  constructor(database: Database, rows: number) {
    this.#database = database;
    this.#rows = rows;
  }

  get(device: string, serverId: string, uri: string): string | undefined {
    return this.#database.get<{ acl: string }>(getSql, device, serverId, uri)?.acl;
  }

  list(device: string, serverId: string): ReadonlyMap<string, string> {
    const rows = this.#database.all<{ uri: string; acl: string }>(listSql, device, serverId);
    return new Map(rows.map(({ uri, acl }) => [uri, acl]));
  }

  removeWithin(device: string, uri: string): void {
    if (this.#database.get(`SELECT 1 ${withinSql} LIMIT 1`, device, uri, uri, uri)) {
      this.#database.run(`DELETE ${withinSql}`, device, uri, uri, uri);
    }
  }

  /** @throws PosternError `store.too-many-acls`, `store.unknown-device` */
  put(device: string, serverId: string, uri: string, acl: string): void {
    const known = this.get(device, serverId, uri);
    if (known === acl) return;
    if (known === undefined) this.#requireRoom(device);
    try {
      this.#database.run(putSql, device, serverId, uri, acl);
    } catch (error) {
      if (isForeignKeyFailure(error)) throw new PosternError('store.unknown-device', { device }, { cause: error });
      throw error;
    }
  }

  #requireRoom(device: string): void {
    const kept = this.#database.get<{ rows: number }>('SELECT count(*) AS rows FROM acl WHERE device = ?', device)?.rows ?? 0;
    if (kept >= this.#rows) throw new PosternError('store.too-many-acls', { device, limit: this.#rows });
  }
}

const getSql = 'SELECT acl FROM acl WHERE device = ? AND server_id = ? AND uri = ?';

const listSql = 'SELECT uri, acl FROM acl WHERE device = ? AND server_id = ?';

const withinSql = "FROM acl WHERE device = ? AND (uri = ? OR substr(uri, 1, length(?) + 1) = ? || '/')";

const putSql = `
  INSERT INTO acl (device, server_id, uri, acl) VALUES (?, ?, ?, ?)
  ON CONFLICT (device, server_id, uri) DO UPDATE SET acl = excluded.acl`;
