import { resolve } from 'node:path';
import { z } from 'zod';
import { inspectFile } from './file-access.js';
import { ofKind } from './setting.js';

/** What the values of a file are read against. */
export interface Surroundings {
  /** Relative paths begin here: the folder of the configuration file. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A path of something that need not be there yet. Parsed: absolute. */
export function path(around: Surroundings) {
  const schema = pathText().transform((text) => resolve(around.directory, text));
  return ofKind(schema, { type: 'path', allowed: 'a path; a relative one begins at the folder of this file' });
}

/** A file that is there and can be read. Parsed: its absolute path. */
export function readableFile(around: Surroundings) {
  return existingFile(around, false);
}

/** Like {@link readableFile}, and nobody else on this machine may read it. */
export function privateFile(around: Surroundings) {
  return existingFile(around, true);
}

function existingFile(around: Surroundings, keepPrivate: boolean) {
  const schema = pathText().transform((text, context) => {
    const absolute = resolve(around.directory, text);
    const refusal = inspectFile(absolute, { private: keepPrivate });
    if (refusal !== undefined) context.addIssue({ code: 'custom', params: refusal });
    return absolute;
  });
  return ofKind(schema, { type: 'file', allowed: 'a file that can be read; a relative path begins at the folder of this file' });
}

function pathText() {
  return z.string().regex(/^[^\p{Cc}]{1,4096}$/u);
}
