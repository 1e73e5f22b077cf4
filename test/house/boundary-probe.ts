import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { boundaryFailures, checkBoundaries } from './boundaries.js';

/** The boundary failures of a folder made of the given files (path → text). */
export async function failuresOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'postern-boundaries-'));
  try {
    for (const [file, text] of Object.entries(files)) await writeInto(path.join(root, file), text);
    return boundaryFailures(await checkBoundaries(root));
  } finally {
    await rm(root, { recursive: true });
  }
}

async function writeInto(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
