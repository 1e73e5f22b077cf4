import { isDeepStrictEqual } from 'node:util';
import type { Account, AccountRepository, CorrelationPolicy, Origin, Rights, Scheme } from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import { openSecret, type SealedRows, sealContext, sealSecret } from '../sealed-secret.js';
import type { Database } from '../sqlite/database.js';
import type { UnreadableRows } from '../sqlite/unreadable-rows.js';
import { parsePolling } from './polling.js';

/** @see AccountRepository; removing an account drops its nonces and its unsent reports. One that cannot be read is only there to `has`. */
export class SqliteAccountRepository implements AccountRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #unreadable: UnreadableRows;

  constructor({ database, sealer, unreadable }: SealedRows) {
    this.#database = database;
    this.#sealer = sealer;
    this.#unreadable = unreadable;
  }

  list(owner?: string): Account[] {
    const rows =
      owner === undefined
        ? this.#database.all<AccountRow>('SELECT * FROM account ORDER BY owner, server_id')
        : this.#database.all<AccountRow>('SELECT * FROM account WHERE owner = ? ORDER BY server_id', owner);
    return rows.flatMap((row) => this.#read(row) ?? []);
  }

  get(owner: string, serverId: string): Account | undefined {
    const row = this.#database.get<AccountRow>('SELECT * FROM account WHERE owner = ? AND server_id = ?', owner, serverId);
    return row && this.#read(row);
  }

  has(owner: string, serverId: string): boolean {
    return this.#database.get('SELECT 1 FROM account WHERE owner = ? AND server_id = ?', owner, serverId) !== undefined;
  }

  polled(owner: string): (Pick<Account, 'serverId' | 'priority' | 'polling'> & { readonly lastPoll?: number })[] {
    return this.#database.all<PolledRow>(polledSql, owner).map(polledOf);
  }

  policies(): { serverId: string; correlation: CorrelationPolicy }[] {
    return this.#database.all("SELECT server_id AS serverId, correlation FROM account WHERE owner = 'gateway' ORDER BY server_id");
  }

  servers(owner: string): string[] {
    const rows = this.#database.all<{ id: string }>('SELECT server_id AS id FROM account WHERE owner = ? ORDER BY server_id', owner);
    return rows.map(({ id }) => id);
  }

  addresses(owner: string): string[] {
    const rows = this.#database.all<{ address: string }>('SELECT address FROM account WHERE owner = ? ORDER BY server_id', owner);
    return rows.map(({ address }) => address);
  }

  declaredBy(origin: Origin): { owner: string; serverId: string }[] {
    return this.#database.all('SELECT owner, server_id AS serverId FROM account WHERE origin = ?', origin);
  }

  owners(serverId: string): string[] {
    const rows = this.#database.all<{ owner: string }>('SELECT owner FROM account WHERE server_id = ? ORDER BY owner', serverId);
    return rows.map(({ owner }) => owner);
  }

  declare(account: Account): void {
    const { owner, serverId, serverSecret } = account;
    if (isDeepStrictEqual(this.get(owner, serverId), withoutGaps(account))) return;
    this.#database.run(
      declareSql,
      owner,
      serverId,
      account.name,
      account.address,
      account.scheme,
      account.userName,
      sealSecret(this.#sealer, account.clientSecret, context(owner, serverId, 'client_secret')),
      serverSecret ? sealSecret(this.#sealer, serverSecret, context(owner, serverId, 'server_secret')) : null,
      account.encoding,
      account.allowPlainHttp ? 1 : 0,
      account.correlation,
      account.priority,
      account.rights === undefined ? null : JSON.stringify(account.rights),
      account.polling === undefined ? null : String(account.polling),
      account.origin,
    );
  }

  remove(owner: string, serverId: string): boolean {
    return this.#database.run('DELETE FROM account WHERE owner = ? AND server_id = ?', owner, serverId) > 0;
  }

  lastPoll(owner: string, serverId: string): number | undefined {
    const sql = 'SELECT last_poll FROM account WHERE owner = ? AND server_id = ?';
    return this.#database.get<{ last_poll: number | null }>(sql, owner, serverId)?.last_poll ?? undefined;
  }

  recordPoll(owner: string, serverId: string, now: number): void {
    if (this.lastPoll(owner, serverId) === now) return;
    this.#database.run('UPDATE account SET last_poll = ? WHERE owner = ? AND server_id = ?', now, owner, serverId);
  }

  #read(row: AccountRow): Account | undefined {
    return this.#unreadable.attempt('account', [row.owner, row.server_id], () => this.#account(row));
  }

  #account(row: AccountRow): Account {
    const { owner, server_id: serverId, server_secret: server } = row;
    return {
      owner,
      serverId,
      name: row.name,
      address: row.address,
      scheme: row.scheme,
      userName: row.user_name,
      clientSecret: openSecret(this.#sealer, row.client_secret, context(owner, serverId, 'client_secret')),
      ...(server === null ? {} : { serverSecret: openSecret(this.#sealer, server, context(owner, serverId, 'server_secret')) }),
      encoding: row.encoding,
      allowPlainHttp: row.allow_plain_http === 1,
      correlation: row.correlation,
      priority: row.priority,
      ...(row.rights === null ? {} : { rights: JSON.parse(row.rights) as Rights }),
      ...(row.polling === null ? {} : { polling: parsePolling(row.polling) }),
      origin: row.origin,
    };
  }
}

interface AccountRow {
  readonly owner: string;
  readonly server_id: string;
  readonly name: string;
  readonly address: string;
  readonly scheme: Scheme;
  readonly user_name: string;
  readonly client_secret: string;
  readonly server_secret: string | null;
  readonly encoding: Account['encoding'];
  readonly allow_plain_http: number;
  readonly correlation: CorrelationPolicy;
  readonly priority: number;
  /** JSON. */
  readonly rights: string | null;
  readonly polling: string | null;
  readonly origin: Origin;
}

interface PolledRow {
  readonly serverId: string;
  readonly priority: number;
  readonly polling: string | null;
  readonly last_poll: number | null;
}

function polledOf({ serverId, priority, polling, last_poll: lastPoll }: PolledRow) {
  return {
    serverId,
    priority,
    ...(polling === null ? {} : { polling: parsePolling(polling) }),
    ...(lastPoll === null ? {} : { lastPoll }),
  };
}

const polledSql = 'SELECT server_id AS serverId, priority, polling, last_poll FROM account WHERE owner = ? ORDER BY server_id';

const declareSql = `
  INSERT INTO account
    (owner, server_id, name, address, scheme, user_name, client_secret, server_secret, encoding, allow_plain_http,
     correlation, priority, rights, polling, origin)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (owner, server_id) DO UPDATE SET
    name = excluded.name, address = excluded.address, scheme = excluded.scheme, user_name = excluded.user_name,
    client_secret = excluded.client_secret, server_secret = excluded.server_secret,
    encoding = excluded.encoding, allow_plain_http = excluded.allow_plain_http, correlation = excluded.correlation,
    priority = excluded.priority, rights = excluded.rights, polling = excluded.polling, origin = excluded.origin`;

function context(owner: string, serverId: string, column: string): string {
  return sealContext('account', [owner, serverId], column);
}

/** An absent member and an undefined one are the same. */
function withoutGaps(account: Account): object {
  return Object.fromEntries(Object.entries(account).filter(([, member]) => member !== undefined));
}
