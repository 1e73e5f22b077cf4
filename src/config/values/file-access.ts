import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Why a value is refused although it has the right shape. */
export type Refusal = Readonly<{ found: string; allowed: string }>;

interface Demands {
  /** Refuse a file that everybody on this machine can read. */
  readonly private: boolean;
}

const readableByOthers = 0o004;

/** Says what is wrong with a file that we are to read; undefined: nothing. */
export function inspectFile(file: string, demands: Demands): Refusal | undefined {
  const opened = openFile(file, demands);
  if (typeof opened !== 'number') return opened;
  closeSync(opened);
  return undefined;
}

/** Reads a whole file of at most so many bytes, or says why that is not possible. */
export function readWholeFile(file: string, demands: Demands & { readonly bytes: number }): Buffer | Refusal {
  const opened = openFile(file, demands);
  if (typeof opened !== 'number') return opened;
  try {
    return readWithin(file, opened, demands.bytes);
  } finally {
    closeSync(opened);
  }
}

/** Whether everybody on this machine can read it. */
export function isReadableByOthers(mode: number): boolean {
  return (mode & readableByOthers) !== 0;
}

function openFile(file: string, demands: Demands): number | Refusal {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a named pipe would hold the start for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return unreadable(file, error);
  }
  const refusal = unfit(file, descriptor, demands);
  if (refusal === undefined) return descriptor;
  closeSync(descriptor);
  return refusal;
}

function unreadable(file: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const reasons: Record<string, string> = { ENOENT: 'there is no such file', EACCES: 'this user may not read it' };
  return { found: `${file}: ${reasons[code] ?? code}`, allowed: 'a file that this user can read' };
}

function unfit(file: string, descriptor: number, demands: Demands): Refusal | undefined {
  const facts = fstatSync(descriptor);
  if (!facts.isFile()) return { found: `${file}: not a regular file`, allowed: 'a regular file' };
  if (!demands.private || !isReadableByOthers(facts.mode)) return undefined;
  const mode = (facts.mode & 0o777).toString(8).padStart(4, '0');
  return { found: `${file}: everybody on this machine can read it (mode ${mode})`, allowed: `a private file; run: chmod 600 ${file}` };
}

function readWithin(file: string, descriptor: number, bytes: number): Buffer | Refusal {
  // One byte more than allowed shows that there is more; the size in the file's facts may be a lie (procfs).
  const buffer = Buffer.alloc(Math.min(bytes, fstatSync(descriptor).size) + 1);
  let filled = 0;
  for (let got = -1; got !== 0 && filled < buffer.length; filled += got) {
    got = readSync(descriptor, buffer, filled, buffer.length - filled, null);
  }
  if (filled <= bytes && filled < buffer.length) return buffer.subarray(0, filled);
  return { found: `${file}: more than ${bytes} bytes`, allowed: `a file of at most ${bytes} bytes` };
}
