import { isDeepStrictEqual } from 'node:util';
import { PosternError, RecentlyUsed } from '#src/base/index.js';
import type {
  DeviceDeclaration,
  DeviceFacts,
  DeviceOrigin,
  DeviceRecord,
  DeviceSelection,
  DeviceSummary,
  InventoryRepository,
  Mode,
  PresenceState,
  Scheme,
  Sighted,
  TriggerPolicy,
} from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import { openSecret, type SealedRows, sealContext, sealSecret } from '../sealed-secret.js';
import type { Database, SqlValue } from '../sqlite/database.js';
import type { UnreadableRows } from '../sqlite/unreadable-rows.js';
import { parsePolling } from './polling.js';

/** @see InventoryRepository; an unknown device is `store.unknown-device`, one whose secrets cannot be read has no record. */
export class SqliteInventoryRepository implements InventoryRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #unreadable: UnreadableRows;
  /** What a contact is held against, so that it need not be read for each of a device that comes again and again. */
  readonly #contacts = new RecentlyUsed<KnownContact>(knownContacts);
  #changes = 0;

  constructor({ database, sealer, unreadable }: SealedRows) {
    this.#database = database;
    this.#sealer = sealer;
    this.#unreadable = unreadable;
  }

  get revision(): number {
    return this.#changes + this.#database.undone;
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
    return this.#database
      .all<DeviceRow>('SELECT * FROM device WHERE id > ? ORDER BY id LIMIT ?', after, limit)
      .map((row) => this.#summary(row));
  }

  find(id: string): DeviceSummary | undefined {
    const row = this.#row(id);
    return row && this.#summary(row);
  }

  epoch(id: string): number | undefined {
    return this.#database.get<{ epoch: number }>('SELECT association_epoch AS epoch FROM device WHERE id = ?', id)?.epoch;
  }

  schemes(): Map<Scheme, number> {
    const sql = 'SELECT scheme, count(*) AS devices FROM device WHERE scheme IS NOT NULL GROUP BY scheme ORDER BY scheme';
    return new Map(this.#database.all<{ scheme: Scheme; devices: number }>(sql).map(({ scheme, devices }) => [scheme, devices]));
  }

  presences(): Map<PresenceState, number> {
    const sql = 'SELECT presence, count(*) AS devices FROM device GROUP BY presence ORDER BY presence';
    return new Map(
      this.#database.all<{ presence: PresenceState; devices: number }>(sql).map(({ presence, devices }) => [presence, devices]),
    );
  }

  get(id: string): DeviceRecord | undefined {
    const row = this.#row(id);
    return row && this.#record(row);
  }

  named(...userNames: readonly string[]): DeviceRecord[] {
    const sql = `SELECT * FROM device WHERE user_name IN (${userNames.map(() => '?').join(', ')}) ORDER BY id`;
    const rows = this.#database.all<DeviceRow>(sql, ...userNames);
    if (rows.length === 0) this.#standIn();
    return rows.flatMap((row) => this.#record(row) ?? []);
  }

  /** Opens a device's secrets for nobody: a name that no device has takes as long as one that some device has. */
  #standIn(): void {
    const row = this.#database.get<DeviceRow>('SELECT * FROM device WHERE user_name IS NOT NULL LIMIT 1');
    if (row !== undefined) this.#record(row);
  }

  declare(declaration: DeviceDeclaration): void {
    const known = this.get(declaration.id);
    if (known && isDeepStrictEqual(declarationOf(known), declarationOf(declaration))) return;
    const { id, south } = declaration;
    this.#change(
      declareSql,
      id,
      declaration.name ?? null,
      declaration.mode,
      declaration.origin,
      south?.scheme ?? null,
      south?.userName ?? null,
      south ? sealSecret(this.#sealer, south.clientSecret, clientContext(id)) : null,
      south?.serverSecret ? sealSecret(this.#sealer, south.serverSecret, serverContext(id)) : null,
      declaration.allowPlainHttp ? 1 : 0,
      String(declaration.polling),
      ...toldColumns(declaration),
    );
  }

  remove(id: string): boolean {
    return this.#change('DELETE FROM device WHERE id = ?', id) > 0;
  }

  recordContact(id: string, facts: DeviceFacts, now: number): void {
    const row = this.#contactOf(id);
    const before = factColumns.map(([, column]) => row[column]);
    const after = factColumns.map(([fact, column]) => facts[fact] ?? row[column]);
    const recent = row.last_contact !== null && Math.abs(now - row.last_contact) < contactInterval;
    if (recent && before.every((value, at) => value === after[at])) return;
    this.#contacts.remove(id);
    this.#database.run(contactSql, ...after, now, now, id);
  }

  attach(id: string): number {
    return this.#database.write(() => {
      const epoch = this.#database.get<{ epoch: number }>(raiseSql, id)?.epoch ?? 0;
      const changed = this.#change("UPDATE device SET association_epoch = ?, presence = 'attached' WHERE id = ?", epoch, id);
      if (changed === 0) throw new PosternError('store.unknown-device', { device: id });
      return epoch;
    });
  }

  settlePresence(id: string, presence: PresenceState, sighted?: Sighted): void {
    const seen = sighted === undefined ? this.#known(id).sighted : JSON.stringify(sighted);
    this.#change('UPDATE device SET presence = ?, sighted = ? WHERE id = ?', presence, seen, id);
  }

  recordSighted(id: string, sighted: Sighted, now: number): void {
    this.#database.run(
      'UPDATE device SET sighted = ?, first_seen = coalesce(first_seen, ?) WHERE id = ?',
      JSON.stringify(sighted),
      now,
      id,
    );
  }

  rename(id: string, name: string | undefined): void {
    if (this.#known(id).name !== (name ?? null)) this.#database.run('UPDATE device SET name = ? WHERE id = ?', name ?? null, id);
  }

  sighted(): { id: string; presence: PresenceState; sighted: Sighted }[] {
    const rows = this.#database.all<Pick<DeviceRow, 'id' | 'presence'> & { readonly sighted: string }>(sightedSql);
    return rows.flatMap((row) => {
      const sighted = this.#parseSighted(row);
      return sighted === undefined ? [] : [{ ...row, sighted }];
    });
  }

  discovered(): { quarantined: number; admitted: number } {
    return this.#database.get(discoveredSql) ?? { quarantined: 0, admitted: 0 };
  }

  oldestUnadmitted(): string | undefined {
    return this.#database.get<{ id: string }>(oldestUnadmittedSql)?.id;
  }

  #contactOf(id: string): ContactRow {
    const { revision } = this;
    const known = this.#contacts.get(id);
    if (known?.revision === revision) return known.row;
    const row = this.#database.get<ContactRow>(lastContactSql, id);
    if (!row) throw new PosternError('store.unknown-device', { device: id });
    this.#contacts.put(id, { row, revision });
    return row;
  }

  /** What changes {@link revision}. */
  #change(sql: string, ...values: SqlValue[]): number {
    this.#changes += 1;
    return this.#database.run(sql, ...values);
  }

  #row(id: string): DeviceRow | undefined {
    return this.#database.get<DeviceRow>('SELECT * FROM device WHERE id = ?', id);
  }

  #known(id: string): DeviceRow {
    const row = this.#row(id);
    if (!row) throw new PosternError('store.unknown-device', { device: id });
    return row;
  }

  /** Undefined where the secrets do not open: a device without credentials can be one that needs none. */
  #record(row: DeviceRow): DeviceRecord | undefined {
    const { id, client_secret: client, server_secret: server } = row;
    const { south, ...summary } = this.#summary(row);
    if (south === undefined || client === null) return summary;
    const secrets = this.#unreadable.attempt('device', [id], () => ({
      clientSecret: openSecret(this.#sealer, client, clientContext(id)),
      ...(server === null ? {} : { serverSecret: openSecret(this.#sealer, server, serverContext(id)) }),
    }));
    return secrets && { ...summary, south: { ...south, ...secrets } };
  }

  #summary(row: DeviceRow): DeviceSummary {
    const sighted = row.sighted === null ? undefined : this.#parseSighted({ id: row.id, sighted: row.sighted });
    return { ...summaryOf(row), ...(sighted === undefined ? {} : { sighted }) };
  }

  #parseSighted({ id, sighted }: { readonly id: string; readonly sighted: string }): Sighted | undefined {
    return this.#unreadable.attempt('device', [id, 'sighted'], () => JSON.parse(sighted) as Sighted);
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
  readonly origin: DeviceOrigin;
  readonly scheme: Scheme | null;
  readonly user_name: string | null;
  readonly client_secret: string | null;
  readonly server_secret: string | null;
  readonly allow_plain_http: number;
  readonly polling: string;
  readonly told_by: TriggerPolicy['by'] | null;
  readonly told_port: number | null;
  readonly address: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly dm_version: string | null;
  readonly language: string | null;
  readonly first_seen: number | null;
  readonly last_contact: number | null;
  readonly association_epoch: number;
  readonly presence: PresenceState;
  /** JSON. */
  readonly sighted: string | null;
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
  INSERT INTO device (id, name, mode, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, polling,
    told_by, told_port)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, mode = excluded.mode, origin = excluded.origin, scheme = excluded.scheme, user_name = excluded.user_name,
    client_secret = excluded.client_secret, server_secret = excluded.server_secret,
    allow_plain_http = excluded.allow_plain_http, polling = excluded.polling,
    told_by = excluded.told_by, told_port = excluded.told_port,
    -- Whoever declares a device that was discovered has admitted it.
    presence = CASE
      WHEN origin <> 'discovered' OR presence <> 'quarantined' THEN presence
      WHEN association_epoch > 0 THEN 'detached'
      ELSE 'known'
    END`;

/** Devices whose last contact is remembered. */
const knownContacts = 1_024;

/** What a device's row says of its last contact, as long as the inventory has this revision. */
interface KnownContact {
  readonly row: ContactRow;
  readonly revision: number;
}

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

const sightedSql = 'SELECT id, presence, sighted FROM device WHERE sighted IS NOT NULL';

const discoveredSql = `
  SELECT count(*) FILTER (WHERE presence = 'quarantined') AS quarantined, count(*) FILTER (WHERE presence <> 'quarantined') AS admitted
  FROM device WHERE origin = 'discovered'`;

const oldestUnadmittedSql = `
  SELECT id FROM device WHERE origin = 'discovered' AND presence = 'quarantined' AND association_epoch = 0
  ORDER BY first_seen LIMIT 1`;

/** Its values: server, origin, the id after which to go on, and how many. */
function idsSql({ attached, managedBy, origin }: DeviceSelection): string {
  const byServer = managedBy !== undefined;
  const id = byServer ? 'account.owner' : 'device.id';
  const conditions = [
    ...(byServer ? ['account.server_id = ?'] : []),
    ...(origin === undefined ? [] : ['device.origin = ?']),
    ...(attached ? ["device.association_epoch > 0 AND device.presence <> 'quarantined'"] : []),
    `${id} > ?`,
  ];
  const from = byServer ? 'account JOIN device ON device.id = account.owner' : 'device';
  return `SELECT ${id} AS id FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${id} LIMIT ?`;
}

/** All but what was sighted. */
function summaryOf(row: DeviceRow): DeviceSummary {
  const { first_seen: firstSeen, last_contact: lastContact, scheme, user_name: userName } = row;
  return {
    id: row.id,
    ...(row.name === null ? {} : { name: row.name }),
    mode: row.mode,
    origin: row.origin,
    ...(scheme === null || userName === null ? {} : { south: { scheme, userName } }),
    allowPlainHttp: row.allow_plain_http === 1,
    polling: parsePolling(row.polling),
    ...toldOf(row),
    facts: factsOf(row),
    ...(firstSeen === null ? {} : { firstSeen }),
    ...(lastContact === null ? {} : { lastContact }),
    associationEpoch: row.association_epoch,
    presence: row.presence,
  };
}

function clientContext(id: string): string {
  return sealContext('device', [id], 'client_secret');
}

function serverContext(id: string): string {
  return sealContext('device', [id], 'server_secret');
}

/** What the operator says about a device, alone and without what is left open. */
function declarationOf({ id, name, mode, origin, south, allowPlainHttp, polling, trigger }: DeviceDeclaration): unknown {
  return { id, ...defined({ name, trigger }), mode, origin, ...(south ? { south: defined(south) } : {}), allowPlainHttp, polling };
}

function toldColumns({ trigger }: DeviceDeclaration): [string | null, number | null] {
  return [trigger?.by ?? null, trigger?.by === 'udp' ? trigger.port : null];
}

function toldOf({ told_by: by, told_port: port }: DeviceRow): Pick<DeviceSummary, 'trigger'> {
  if (by === null) return {};
  if (by !== 'udp') return { trigger: { by } };
  return port === null ? {} : { trigger: { by, port } };
}

function factsOf(row: DeviceRow): DeviceFacts {
  return Object.fromEntries(factColumns.filter(([, column]) => row[column] !== null).map(([fact, column]) => [fact, row[column]]));
}

/** The same object without its undefined members. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
