import { statSync } from 'node:fs';
import type { Database } from './database.js';
import { checkedAtStart } from './sqlite-file.js';

/** How the file of the database is. */
export interface DatabaseLook {
  readonly pageBytes: number;
  readonly pages: number;
  readonly freePages: number;
  /** Of what is not yet in the file itself. */
  readonly walBytes: number;
  /** SQLite's quick_check: `ok`, the first mistake, or why it was left out. */
  readonly check: string;
}

/** Looks at the file; a file that is checked at each start is checked whole, which takes some 50 ms at most. */
export function lookAt(database: Database, file: string): DatabaseLook {
  const [pageBytes, pages, freePages] = ['page_size', 'page_count', 'freelist_count'].map((name) => numberOf(database, name));
  const about = { pageBytes: pageBytes ?? 0, pages: pages ?? 0, freePages: freePages ?? 0 };
  return { ...about, walBytes: bytesOf(`${file}-wal`), check: check(database, about.pageBytes * about.pages) };
}

function check(database: Database, bytes: number): string {
  if (bytes > checkedAtStart) return `left out: the file has ${bytes} bytes`;
  return String(database.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check);
}

function numberOf(database: Database, pragma: string): number {
  return Number(database.get<Record<string, number>>(`PRAGMA ${pragma}`)?.[pragma]);
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
