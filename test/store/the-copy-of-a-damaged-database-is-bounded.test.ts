import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepDamagedFiles } from '#src/store/index.js';
import { temporaryDirectory } from './store-fixture.js';

it('is made once for one damage, with the write-ahead log, for our own user alone', () => {
  const { directory, file } = damagedAt(1);
  writeFileSync(`${file}-wal`, 'frames', { mode: 0o600 });
  const kept = keepDamagedFiles(file);
  expect(kept).toEqual({ file: `${file}.damaged-19700101T000001000Z` });
  expect(keepDamagedFiles(file)).toEqual(kept);
  expect(namesIn(directory)).toEqual(['gateway.db.damaged-19700101T000001000Z', 'gateway.db.damaged-19700101T000001000Z-wal']);
  for (const name of namesIn(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(directory, 'gateway.db.damaged-19700101T000001000Z-wal'), 'utf8')).toBe('frames');
});

it('is one of two at most: the oldest goes', () => {
  const { directory, file } = damagedAt(1);
  for (const second of [1, 2, 3, 4]) {
    utimesSync(file, second, second);
    keepDamagedFiles(file);
  }
  expect(namesIn(directory)).toEqual(['gateway.db.damaged-19700101T000003000Z', 'gateway.db.damaged-19700101T000004000Z']);
});

it('is not made where it would fill the disk', () => {
  const { directory, file } = damagedAt(1);
  expect(keepDamagedFiles(file, 8 * 1024 * 1024)).toEqual({ why: expect.stringContaining('too little room') });
  expect(namesIn(directory)).toEqual([]);
  expect(keepDamagedFiles(file, 8 * 1024 * 1024 + 10_000)).toHaveProperty('file');
});

function damagedAt(second: number) {
  const directory = temporaryDirectory();
  const file = join(directory, 'gateway.db');
  writeFileSync(file, 'x'.repeat(10_000), { mode: 0o600 });
  utimesSync(file, second, second);
  return { directory, file };
}

function namesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.includes('.damaged-'))
    .toSorted();
}
