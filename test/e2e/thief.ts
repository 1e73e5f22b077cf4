import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { isPosternError } from '#src/base/index.js';
import type { Sealer } from '#src/security/index.js';
import { sealContext } from '../../src/store/sealed-secret.js';
import type { Site } from './site.js';

/** A copy of the gateway's state directory as it is at this moment of its work, as whoever pulls the disk out gets it. */
export function steal(site: Site): string {
  const loot = mkdtempSync(join(tmpdir(), 'postern-loot-'));
  onTestFinished(() => rmSync(loot, { recursive: true }));
  // Held still, since a copy takes time and pulling a disk out does not.
  process.kill(site.gateway.pid, 'SIGSTOP');
  try {
    cpSync(site.gatewayState, loot, { recursive: true, filter: (file) => !lstatSync(file).isSocket() });
  } finally {
    process.kill(site.gateway.pid, 'SIGCONT');
  }
  return loot;
}

/** Every file of a folder, as text of its bytes. */
export function contentsOf(folder: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'latin1') }));
}

/** A sealed value where it lies, and how it ended to open it: its text, or the code of the refusal. */
export interface SealedFind {
  readonly table: string;
  readonly column: string;
  readonly row: readonly string[];
  readonly scheme: unknown;
  readonly opened?: string;
  readonly refused?: string;
}

/** Tries every value of the database that is sealed, wherever it lies: a new column is tried too. */
export function openAllSealed(folder: string, sealer: Sealer): SealedFind[] {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
    return tables.flatMap((table) => openTable(database, table, sealer));
  } finally {
    database.close();
  }
}

function openTable(database: SqliteDatabase.Database, table: string, sealer: Sealer): SealedFind[] {
  const columns = database.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const rows = database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
  return rows.flatMap((values) => {
    const row = key.map(({ name }) => String(values[name]));
    const sealed = columns.filter(({ name }) => isSealed(values[name]));
    return sealed.map(({ name: column }) => {
      const place = { table, column, row, scheme: values['scheme'] };
      return { ...place, ...tryOpen(sealer, values[column] as string | Uint8Array, sealContext(table, row, column)) };
    });
  });
}

function isSealed(value: unknown): boolean {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  return typeof text === 'string' && /^p1\.[0-9a-f]{8}\./.test(text);
}

function tryOpen(sealer: Sealer, sealed: string | Uint8Array, context: string): { opened: string } | { refused: string } {
  try {
    const opened = typeof sealed === 'string' ? sealer.open(sealed, context) : sealer.openBytes(sealed, context);
    return { opened: Buffer.from(opened).toString('latin1') };
  } catch (error) {
    if (isPosternError(error)) return { refused: error.code };
    throw error;
  }
}
