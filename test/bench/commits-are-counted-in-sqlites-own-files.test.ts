import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteFile } from '#src/store/sqlite/sqlite-file.js';
import { commitsOf } from '../../bench/process-cost.js';

it('counts each transaction that wrote, and each checkpoint', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-bench-'));
  const sqlite = openSqliteFile(path.join(folder, 'gateway.db'));
  try {
    sqlite.exec('CREATE TABLE t (x)');
    const before = commitsOf(folder);
    for (let at = 0; at < 5; at++) sqlite.prepare('INSERT INTO t VALUES (?)').run(at);
    sqlite.prepare('SELECT * FROM t').all();
    expect(commitsOf(folder)).toEqual({ ...before, commits: before.commits + 5 });
    sqlite.pragma('wal_checkpoint(RESTART)');
    sqlite.prepare('INSERT INTO t VALUES (6)').run();
    expect(commitsOf(folder).checkpoints).toBe(before.checkpoints + 1);
  } finally {
    sqlite.close();
    rmSync(folder, { recursive: true });
  }
});
