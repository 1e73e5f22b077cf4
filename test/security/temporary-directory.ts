import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A private directory (0700) that goes with its test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
