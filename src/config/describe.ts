import type { z } from 'zod';
import { entryOf, shapeOf } from './reading/schema-walk.js';
import { aboutOf, defaultOf, kindOf } from './values/setting.js';

/** One key of a file, for documentation. */
export interface KeyDescription {
  /** Such as `devices[].accounts[].address`. */
  readonly key: string;
  /** A section is a map of keys; a list has maps as entries; everything else is one value. */
  readonly level: 'section' | 'list' | 'value';
  readonly type: string;
  readonly allowed: string;
  /** As the file would have it; undefined: none. */
  readonly default: unknown;
  /** What a default would look like where there is none. */
  readonly example: unknown;
  readonly unit: string;
  /** An entry of its list cannot do without it. */
  readonly required: boolean;
  /** Whether a change needs a restart. */
  readonly restart: boolean;
  readonly description: string;
}

/** Every key of a schema in the order of its declaration, a section before what is in it. */
export function describe(schema: z.ZodType, path = ''): KeyDescription[] {
  const shape = shapeOf(entryOf(schema) ?? schema) ?? {};
  return Object.entries(shape).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const row = describeKey(key, inner);
    return row.level === 'value' ? [row] : [row, ...describe(inner, row.level === 'list' ? `${key}[]` : key)];
  });
}

function describeKey(key: string, schema: z.ZodType): KeyDescription {
  const kind = kindOf(schema);
  const about = aboutOf(schema);
  const level = entryOf(schema) !== undefined ? 'list' : shapeOf(schema) !== undefined ? 'section' : 'value';
  return {
    key,
    level,
    type: kind?.type ?? level,
    allowed: kind?.allowed ?? '',
    default: defaultOf(schema),
    example: about?.example,
    unit: about?.unit ?? kind?.unit ?? '',
    required: schema._zod.optin === undefined,
    restart: about?.restart ?? true,
    description: about?.description ?? '',
  };
}
