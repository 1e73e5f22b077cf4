import { isDeepStrictEqual } from 'node:util';
import { PosternError } from '#src/base/index.js';
import type {
  DeviceDeclaration,
  DeviceFacts,
  DeviceRecord,
  DeviceSelection,
  DeviceSummary,
  InventoryRepository,
  Mode,
  Origin,
  Scheme,
} from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import type { Database } from './database.js';
import { parsePolling } from './polling.js';
import { openSecret, sealContext, sealSecret } from './sealed-secret.js';

/** @see InventoryRepository; an unknown device is `store.unknown-device`. */
export class SqliteInventoryRepository implements InventoryRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  *ids(which: DeviceSelection = {}): Generator<string> {
    const sql = idsSql(which);
    const chosen = [which.managedBy, which.origin].filter((value) => value !== undefined);
    for (let after = ''; ; ) {
      const rows = this.#database.all<{ id: string }>(sql, ...chosen, after, idsAtOnce);
      for (const { id } of rows) yield id;
      if (rows.length < idsAtOnce) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  *each(): Generator<DeviceSummary> {
    for (let after = ''; ; ) {
      const devices = this.list({ after, limit: devicesAtOnce });
      yield* devices;
      if (devices.length < devicesAtOnce) return;
      after = devices.at(-1)?.id ?? after;
    }
  }

  list({
    after = '',
    limit = everything,
  }: {
    readonly after?: string | undefined;
    readonly limit?: number | undefined;
  } = {}): DeviceSummary[] {
    return this.#database.all<DeviceRow>('SELECT * FROM device WHERE id > ? ORDER BY id LIMIT ?', after, limit).map(summaryOf);
  }

  find(id: string): DeviceSummary | undefined {
    const row = this.#row(id);
    return row && summaryOf(row);
  }

  epoch(id: string): number | undefined {
    return this.#database.get<{ epoch: number }>('SELECT association_epoch AS epoch FROM device WHERE id = ?', id)?.epoch;
  }

  schemes(): Map<Scheme, number> {
    const sql = 'SELECT scheme, count(*) AS devices FROM device GROUP BY scheme ORDER BY scheme';
    return new Map(this.#database.all<{ scheme: Scheme; devices: number }>(sql).map(({ scheme, devices }) => [scheme, devices]));
  }

  get(id: string): DeviceRecord | undefined {
    const row = this.#row(id);
    return row && this.#record(row);
  }

  declare(declaration: DeviceDeclaration): void {
    const known = this.get(declaration.id);
    if (known && isDeepStrictEqual(declarationOf(known), declarationOf(declaration))) return;
    const { id, south } = declaration;
    this.#database.run(
      declareSql,
      id,
      declaration.name ?? null,
      declaration.mode,
      declaration.origin,
      south.scheme,
      south.userName,
      sealSecret(this.#sealer, south.clientSecret, clientContext(id)),
      south.serverSecret ? sealSecret(this.#sealer, south.serverSecret, serverContext(id)) : null,
      declaration.allowPlainHttp ? 1 : 0,
      String(declaration.polling),
    );
  }

  remove(id: string): boolean {
    return this.#database.run('DELETE FROM device WHERE id = ?', id) > 0;
  }

  recordContact(id: string, facts: DeviceFacts, now: number): void {
    const row = this.#database.get<ContactRow>(lastContactSql, id);
    if (!row) throw new PosternError('store.unknown-device', { device: id });
    const before = factColumns.map(([, column]) => row[column]);
    const after = factColumns.map(([fact, column]) => facts[fact] ?? row[column]);
    const recent = row.last_contact !== null && Math.abs(now - row.last_contact) < contactInterval;
    if (recent && before.every((value, at) => value === after[at])) return;
    this.#database.run(contactSql, ...after, now, now, id);
  }

  attach(id: string): number {
    return this.#database.write(() => {
      const epoch = this.#database.get<{ epoch: number }>(raiseSql, id)?.epoch ?? 0;
      const changed = this.#database.run('UPDATE device SET association_epoch = ? WHERE id = ?', epoch, id);
      if (changed === 0) throw new PosternError('store.unknown-device', { device: id });
      return epoch;
    });
  }

  #row(id: string): DeviceRow | undefined {
    return this.#database.get<DeviceRow>('SELECT * FROM device WHERE id = ?', id);
  }

  #known(id: string): DeviceRow {
    const row = this.#row(id);
    if (!row) throw new PosternError('store.unknown-device', { device: id });
    return row;
  }

  #record(row: DeviceRow): DeviceRecord {
    const { id, server_secret: server } = row;
    const summary = summaryOf(row);
    return {
      ...summary,
      south: {
        ...summary.south,
        clientSecret: openSecret(this.#sealer, row.client_secret, clientContext(id)),
        ...(server === null ? {} : { serverSecret: openSecret(this.#sealer, server, serverContext(id)) }),
      },
    };
  }
}

/** How many are in memory together while many are read. */
const idsAtOnce = 512;
const devicesAtOnce = 128;
/** SQLite's own word for it. */
const everything = -1;

/** Flash wears: `lastContact` alone is not worth a write more often. */
const contactInterval = 60_000;

interface DeviceRow {
  readonly id: string;
  readonly name: string | null;
  readonly mode: Mode;
  readonly origin: Origin;
  readonly scheme: Scheme;
  readonly user_name: string;
  readonly client_secret: string;
  readonly server_secret: string | null;
  readonly allow_plain_http: number;
  readonly polling: string;
  readonly address: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly dm_version: string | null;
  readonly language: string | null;
  readonly first_seen: number | null;
  readonly last_contact: number | null;
  readonly association_epoch: number;
}

const factColumns = [
  ['address', 'address'],
  ['manufacturer', 'manufacturer'],
  ['model', 'model'],
  ['firmware', 'firmware'],
  ['dmVersion', 'dm_version'],
  ['language', 'language'],
] as const satisfies readonly (readonly [keyof DeviceFacts, keyof DeviceRow])[];

const declareSql = `
  INSERT INTO device (id, name, mode, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, polling)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, mode = excluded.mode, origin = excluded.origin, scheme = excluded.scheme, user_name = excluded.user_name,
    client_secret = excluded.client_secret, server_secret = excluded.server_secret,
    allow_plain_http = excluded.allow_plain_http, polling = excluded.polling`;

type ContactRow = Pick<DeviceRow, 'last_contact' | (typeof factColumns)[number][1]>;

const lastContactSql = `SELECT ${factColumns.map(([, column]) => column).join(', ')}, last_contact FROM device WHERE id = ?`;

const contactSql = `
  UPDATE device SET ${factColumns.map(([, column]) => `${column} = ?`).join(', ')},
    first_seen = coalesce(first_seen, ?), last_contact = ?
  WHERE id = ?`;

const raiseSql = `
  INSERT INTO association_mark (device, epoch) VALUES (?, 1)
  ON CONFLICT (device) DO UPDATE SET epoch = epoch + 1
  RETURNING epoch`;

/** Its values: server, origin, the id after which to go on, and how many. */
function idsSql({ attached, managedBy, origin }: DeviceSelection): string {
  const byServer = managedBy !== undefined;
  const id = byServer ? 'account.owner' : 'device.id';
  const conditions = [
    ...(byServer ? ['account.server_id = ?'] : []),
    ...(origin === undefined ? [] : ['device.origin = ?']),
    ...(attached ? ['device.association_epoch > 0'] : []),
    `${id} > ?`,
  ];
  const from = byServer ? 'account JOIN device ON device.id = account.owner' : 'device';
  return `SELECT ${id} AS id FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${id} LIMIT ?`;
}

function summaryOf(row: DeviceRow): DeviceSummary {
  const { first_seen: firstSeen, last_contact: lastContact } = row;
  return {
    id: row.id,
    ...(row.name === null ? {} : { name: row.name }),
    mode: row.mode,
    origin: row.origin,
    south: { scheme: row.scheme, userName: row.user_name },
    allowPlainHttp: row.allow_plain_http === 1,
    polling: parsePolling(row.polling),
    facts: factsOf(row),
    ...(firstSeen === null ? {} : { firstSeen }),
    ...(lastContact === null ? {} : { lastContact }),
    associationEpoch: row.association_epoch,
  };
}

function clientContext(id: string): string {
  return sealContext('device', [id], 'client_secret');
}

function serverContext(id: string): string {
  return sealContext('device', [id], 'server_secret');
}

/** What the operator says about a device, alone and without what is left open. */
function declarationOf({ id, name, mode, origin, south, allowPlainHttp, polling }: DeviceDeclaration): unknown {
  return { id, ...defined({ name }), mode, origin, south: defined(south), allowPlainHttp, polling };
}

function factsOf(row: DeviceRow): DeviceFacts {
  return Object.fromEntries(factColumns.filter(([, column]) => row[column] !== null).map(([fact, column]) => [fact, row[column]]));
}

/** The same object without its undefined members. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
