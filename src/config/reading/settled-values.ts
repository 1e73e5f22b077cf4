import type { z } from 'zod';
import { defaultOf } from '../values/setting.js';
import { type KeyPath, valueAt } from './key-path.js';
import { schemasAlong } from './schema-walk.js';

/** The values of a file that may have mistakes elsewhere, so that checks across keys need not wait for those. */
export interface SettledValues {
  /** The parsed value, or the default; undefined where it has none or is itself a mistake. */
  value(path: KeyPath): unknown;
  /** Whether the file itself has it. */
  written(path: KeyPath): boolean;
  /** How many entries the list at this path has. */
  entries(path: KeyPath): number;
}

/** A check across several keys, each of which can be right by itself. */
export type CrossCheck = (values: SettledValues) => CrossFinding[];

export interface CrossFinding {
  readonly path: KeyPath;
  readonly found: string;
  readonly allowed: string;
}

export function settledValues(schema: z.ZodType, data: unknown): SettledValues {
  return {
    value(path) {
      const along = schemasAlong(schema, path);
      const own = along.length === path.length + 1 ? along[path.length] : undefined;
      return own?.safeParse(valueAt(data, path) ?? defaultOf(own)).data;
    },
    written: (path) => valueAt(data, path) !== undefined,
    entries(path) {
      const list = valueAt(data, path);
      return Array.isArray(list) ? list.length : 0;
    },
  };
}
