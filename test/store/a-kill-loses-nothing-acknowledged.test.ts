import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './store-fixture.js';

const program = fileURLToPath(new URL('acknowledging-writer.ts', import.meta.url));
const cycles = 10;

it('has every printed report after SIGKILL at a random moment', { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory();
  const acknowledged: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    acknowledged.push(...(await writeUntilKilled(directory, `run${cycle}`)));
    const { origins, nonce, check } = look(join(directory, 'gateway.db'));
    expect(check).toBe('ok');
    expect(acknowledged.filter((origin) => !origins.has(origin))).toEqual([]);
    // Both writes of a turn are there, or neither.
    expect(origins.has(nonce)).toBe(true);
  }
  expect(acknowledged.length).toBeGreaterThan(cycles);
});

/** What the writer printed before it was killed after some 1 to 300 lines. */
async function writeUntilKilled(directory: string, prefix: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=postern-source', '--import', 'tsx', program, directory, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const enough = 1 + Math.floor(Math.random() * 300);
  const printed: string[] = [];
  for await (const line of linesOf(child)) {
    printed.push(line);
    if (printed.length === enough) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return printed;
}

/** Whole lines only: the last may be cut off by the kill. */
async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) if (/^run\d+-\d+$/.test(line)) yield line;
}

function look(file: string): { origins: Set<string>; nonce: string; check: unknown } {
  const database = new SqliteDatabase(file);
  const origins = new Set(database.prepare('SELECT origin FROM outbox').pluck().all() as string[]);
  const nonce = String(database.prepare(`SELECT value FROM nonce`).pluck().get());
  const check = database.pragma('quick_check', { simple: true });
  database.close();
  return { origins, nonce, check };
}
