import { isDeepStrictEqual } from 'node:util';
import type { Scheme } from '#src/dm/auth/index.js';
import type { Sealer } from '#src/security/index.js';
import type { ClientDeclaration, ClientFacts, ClientOrigin, ClientRecord, ClientRepository } from '#src/small-server/index.js';
import { openSecret, sealContext, sealSecret } from '../sealed-secret.js';
import type { Database } from '../sqlite/database.js';

/** @see ClientRepository */
export class SqliteClientRepository implements ClientRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
  }

  list(): ClientRecord[] {
    return this.#database.all<ClientRow>('SELECT * FROM client ORDER BY id').map((row) => this.#record(row));
  }

  get(id: string): ClientRecord | undefined {
    const row = this.#row(id);
    return row && this.#record(row);
  }

  declare(declaration: ClientDeclaration): void {
    const { id, serverSecret } = declaration;
    const known = this.#row(id);
    if (known && isDeepStrictEqual(this.#declaration(known), withoutGaps(declaration))) return;
    this.#database.run(
      declareSql,
      id,
      declaration.origin,
      declaration.scheme,
      declaration.userName,
      sealSecret(this.#sealer, declaration.clientSecret, context(id, 'client_secret')),
      serverSecret ? sealSecret(this.#sealer, serverSecret, context(id, 'server_secret')) : null,
      declaration.allowPlainHttp ? 1 : 0,
      declaration.reach ?? null,
    );
  }

  remove(id: string): boolean {
    return this.#database.run('DELETE FROM client WHERE id = ?', id) > 0;
  }

  recordContact(id: string, facts: ClientFacts, now: number): void {
    const row = this.#row(id);
    if (row === undefined) return;
    const before = JSON.parse(row.facts) as ClientFacts;
    const after = Object.fromEntries(Object.entries({ ...before, ...facts }).slice(-mostFacts));
    const recent = row.last_contact !== null && Math.abs(now - row.last_contact) < contactInterval;
    if (recent && isDeepStrictEqual(before, after)) return;
    this.#database.run(contactSql, JSON.stringify(after), now, now, id);
  }

  nonce(id: string, whose: 'client' | 'server'): string | undefined {
    const row = this.#row(id);
    return (whose === 'client' ? row?.client_nonce : row?.server_nonce) ?? undefined;
  }

  putNonce(id: string, whose: 'client' | 'server', nonce: string): void {
    if (this.nonce(id, whose) === nonce) return;
    this.#database.run(`UPDATE client SET ${whose === 'client' ? 'client_nonce' : 'server_nonce'} = ? WHERE id = ?`, nonce, id);
  }

  #row(id: string): ClientRow | undefined {
    return this.#database.get<ClientRow>('SELECT * FROM client WHERE id = ?', id);
  }

  #record(row: ClientRow): ClientRecord {
    return {
      ...this.#declaration(row),
      facts: JSON.parse(row.facts) as ClientFacts,
      ...(row.first_contact === null ? {} : { firstContact: row.first_contact }),
      ...(row.last_contact === null ? {} : { lastContact: row.last_contact }),
    };
  }

  #declaration({ id, server_secret: server, ...row }: ClientRow): ClientDeclaration {
    return {
      id,
      scheme: row.scheme,
      userName: row.user_name,
      clientSecret: openSecret(this.#sealer, row.client_secret, context(id, 'client_secret')),
      ...(server === null ? {} : { serverSecret: openSecret(this.#sealer, server, context(id, 'server_secret')) }),
      allowPlainHttp: row.allow_plain_http === 1,
      ...(row.reach === null ? {} : { reach: row.reach }),
      origin: row.origin,
    };
  }
}

/** Flash wears: `lastContact` alone is not worth a write more often. */
const contactInterval = 60_000;
/** A client that invents further facts pushes out its earlier ones. */
const mostFacts = 32;

interface ClientRow {
  readonly id: string;
  readonly origin: ClientOrigin;
  readonly scheme: Scheme;
  readonly user_name: string;
  readonly client_secret: string;
  readonly server_secret: string | null;
  readonly allow_plain_http: number;
  readonly reach: string | null;
  readonly facts: string;
  readonly first_contact: number | null;
  readonly last_contact: number | null;
  readonly client_nonce: string | null;
  readonly server_nonce: string | null;
}

const declareSql = `
  INSERT INTO client (id, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, reach) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    origin = excluded.origin, scheme = excluded.scheme, user_name = excluded.user_name, client_secret = excluded.client_secret,
    server_secret = excluded.server_secret, allow_plain_http = excluded.allow_plain_http,
    reach = excluded.reach`;

const contactSql = `
  UPDATE client SET facts = ?, first_contact = coalesce(first_contact, ?), last_contact = ? WHERE id = ?`;

function context(id: string, column: string): string {
  return sealContext('client', [id], column);
}

/** What is absent and what is undefined are the same. */
function withoutGaps({ serverSecret, reach, ...rest }: ClientDeclaration): ClientDeclaration {
  return { ...rest, ...(serverSecret === undefined ? {} : { serverSecret }), ...(reach === undefined ? {} : { reach }) };
}
