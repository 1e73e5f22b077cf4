import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { eventually } from '../e2e/eventually.js';
import { temporaryDirectory } from '../store/store-fixture.js';
import { Disk, type Image } from './power-loss/disk.js';
import { isWhole, parseTrace, traced, whyNoTrace } from './power-loss/trace.js';

const program = fileURLToPath(new URL('../store/acknowledging-writer.ts', import.meta.url));
const missing = whyNoTrace();
const enough = 40;

it.skipIf(missing !== undefined)(
  `nothing but what was synced is needed when it is acknowledged${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const folder = realpathSync(temporaryDirectory());
    const trace = join(temporaryDirectory(), 'trace');
    await writeUntil(enough, trace, folder);
    const events = parseTrace(await eventually('the end of the trace', () => wholeTrace(trace)), folder);
    const disk = new Disk();
    let acknowledged = 0;
    for (const [at, event] of events.entries()) {
      const origin = event.kind === 'send' ? /^run-\d+/.exec(event.bytes.toString('latin1'))?.[0] : undefined;
      if (origin !== undefined) {
        acknowledged += 1;
        expect(reportsIn(disk.certain())).toContain(origin);
      }
      disk.apply(event, at);
    }
    expect(acknowledged).toBeGreaterThanOrEqual(enough);
  },
);

async function writeUntil(lines: number, trace: string, folder: string): Promise<void> {
  const [command = '', ...args] = [...traced(trace), process.execPath];
  const child = spawn(command, [...args, '--conditions=postern-source', '--import', 'tsx', program, folder, 'run'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await printed(child, lines);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function printed(child: ChildProcess, lines: number): Promise<void> {
  if (!child.stdout) throw new Error('no output');
  let text = '';
  for await (const piece of child.stdout) {
    text += piece;
    if (text.split('\n').length > lines) return;
  }
}

function wholeTrace(file: string): string | undefined {
  const text = readFileSync(file, 'utf8');
  return isWhole(text) ? text : undefined;
}

function reportsIn(image: Image): string[] {
  const directory = temporaryDirectory();
  for (const [name, bytes] of image) writeFileSync(join(directory, name), bytes);
  const database = new SqliteDatabase(join(directory, 'gateway.db'));
  try {
    return database.prepare('SELECT origin FROM outbox').pluck().all() as string[];
  } finally {
    database.close();
  }
}
