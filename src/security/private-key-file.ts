import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { requirePrivateFile, writePrivateFile } from './private-file.js';
import type { Sealer } from './secret-store.js';

/**
 * A private key (PEM) in a file 0600: sealed where the key that seals is kept elsewhere, else plain, for then whoever has the file has that key too.
 * What was plain before is sealed as it is read, and its bytes are overwritten where they lay.
 * @throws PosternError `security.file-exposed`, `security.wrong-key`, `security.sealed-damaged`
 */
export function readPrivateKey(file: string, sealer: Sealer | undefined): string {
  requirePrivateFile(file);
  const content = readFileSync(file, 'utf8');
  if (content.startsWith(sealedBegins)) {
    if (sealer === undefined) throw new Error(`${file} is sealed, and nothing is there to open it`);
    return sealer.open(content, contextOf(file));
  }
  if (sealer?.isKeptElsewhere) writePrivateKey(file, content, sealer);
  return content;
}

/** Replaces the file so that a crash leaves the old key or the new; of a plain one nothing is left where it lay. */
export function writePrivateKey(file: string, pem: string, sealer: Sealer | undefined): void {
  if (!sealer?.isKeptElsewhere) return writePrivateFile(file, pem);
  const before = existsSync(file) ? openSync(file, 'r+') : undefined;
  try {
    writePrivateFile(file, sealer.seal(pem, contextOf(file)));
    if (before !== undefined) overwrite(before);
  } finally {
    if (before !== undefined) closeSync(before);
  }
}

const sealedBegins = 'p1.';

/** Its name alone: the directory may move. */
function contextOf(file: string): string {
  return JSON.stringify(['file', basename(file)]);
}

/** The file has its new content under its name; what it was before has none any more, and is still open. */
function overwrite(descriptor: number): void {
  const noise = randomBytes(fstatSync(descriptor).size);
  for (let written = 0; written < noise.length; ) written += writeSync(descriptor, noise, written, noise.length - written, written);
  fsyncSync(descriptor);
}
