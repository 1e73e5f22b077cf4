import type { z } from 'zod';
import { entryOf, shapeOf } from './reading/schema-walk.js';
import { kindOf } from './values/setting.js';

/** A parsed configuration as plain data that the file could have: times and sizes with their units, secrets not shown. */
export function showParsed(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined) return undefined;
  const entry = entryOf(schema);
  if (entry !== undefined) return (value as unknown[]).map((item) => showParsed(entry, item));
  const shape = shapeOf(schema);
  if (shape === undefined) return kindOf(schema)?.show?.(value) ?? value;
  const shown = Object.entries(value as object).map(([key, inner]) => [key, showParsed(shape[key] as z.ZodType, inner)]);
  return Object.fromEntries(shown.filter(([, inner]) => inner !== undefined));
}
