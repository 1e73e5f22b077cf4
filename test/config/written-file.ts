import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationError, type ConfigurationProblem, loadGatewayConfig } from '#src/config/index.js';

/** Writes a configuration into a folder of its own and returns its path. */
export function writtenFile(content: string | Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'postern-config-')), 'postern.yaml');
  writeFileSync(file, content);
  return file;
}

/** Puts another file beside it. */
export function besides(file: string, name: string, content: string, mode = 0o600): void {
  const path = join(dirname(file), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** The error that loading it ends with. */
export function refusalOf(file: string, load: (path: string) => unknown = (path) => loadGatewayConfig(path, {})): ConfigurationError {
  try {
    load(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

export function problemsOf(content: string): readonly ConfigurationProblem[] {
  return refusalOf(writtenFile(content)).problems;
}

export function keysOf(content: string): string[] {
  return problemsOf(content).map((problem) => problem.key);
}
