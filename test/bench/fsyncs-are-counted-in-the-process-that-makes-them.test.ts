import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchDisk, whyNoWatchedDisk } from '../../bench/watched-disk.js';

/** Opens a database as the gateway's, writes so many times, and tells what SQLite took for that, in milliseconds. */
const program = `
  const database = new (require('better-sqlite3'))(process.argv[1]);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE IF NOT EXISTS t (x)');
  const start = performance.now();
  for (let at = 0; at < Number(process.argv[2]); at++) database.prepare('INSERT INTO t VALUES (?)').run(at);
  console.log(performance.now() - start);
  process.kill(process.pid, 'SIGKILL');
`;
const why = whyNoWatchedDisk();

it.skipIf(why !== undefined)(
  `each commit is a call that was counted, and waits as long as it is told${why === undefined ? '' : `: ${why}`}`,
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'postern-fsync-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const disk = watchDisk(folder, 20);
    const write = (times: number) => {
      const args = ['-e', program, path.join(folder, 'some.db'), String(times)];
      const before = disk.syncs();
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...disk.env } });
      expect(stderr).toBe('');
      return { took: Number(stdout), syncs: disk.syncs() - before };
    };
    // Making and opening the database takes calls of its own: what counts is the difference.
    write(1);
    const one = write(1);
    const six = write(6);
    expect(six.syncs - one.syncs).toBe(5);
    expect(six.took).toBeGreaterThan(6 * 20);
  },
);
