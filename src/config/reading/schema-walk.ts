import { z } from 'zod';
import { kindOf, unwrapped } from '../values/setting.js';
import type { KeyPath } from './key-path.js';

/** The maps of keys and lists of them, down to the single values. */
export function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const bare = unwrapped(schema);
  return bare instanceof z.ZodObject ? (bare.shape as Record<string, z.ZodType>) : undefined;
}

/** The schema of the entries of a list of maps; undefined for everything else. */
export function entryOf(schema: z.ZodType): z.ZodType | undefined {
  const bare = unwrapped(schema);
  const element = bare instanceof z.ZodArray ? (bare.element as z.ZodType) : undefined;
  return element !== undefined && shapeOf(element) !== undefined ? element : undefined;
}

/** The schemas on the way to a path, as far as there are any; the outermost first. */
export function schemasAlong(schema: z.ZodType, path: KeyPath): z.ZodType[] {
  const along = [schema];
  for (const part of path) {
    const next = inside(along[along.length - 1] ?? schema, part);
    if (next === undefined) break;
    along.push(next);
  }
  return along;
}

/** The keys that a map at this path may have. */
export function knownKeys(schema: z.ZodType, path: KeyPath): string[] {
  const along = schemasAlong(schema, path);
  const reached = along.length === path.length + 1 ? along[path.length] : undefined;
  return Object.keys((reached && mapIn(reached)) ?? {});
}

/** Every key of a schema with its path, `[]` for the entries of a list. */
export function allKeys(schema: z.ZodType, path = ''): string[] {
  const entry = entryOf(schema);
  const shape = kindOf(schema)?.secret === true ? undefined : shapeOf(entry ?? schema);
  const prefix = path === '' ? '' : `${path}${entry === undefined ? '' : '[]'}.`;
  return Object.entries(shape ?? {}).flatMap(([key, inner]) => [prefix + key, ...allKeys(inner, prefix + key)]);
}

/** Takes out sections and lists that were left empty (`south:` with nothing below), so that they get their defaults. */
export function withoutEmptySections(schema: z.ZodType, data: unknown): unknown {
  const entry = entryOf(schema);
  if (entry !== undefined && Array.isArray(data)) return data.map((item) => withoutEmptySections(entry, item));
  const shape = shapeOf(schema);
  if (shape === undefined || typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const kept = Object.entries(data).filter(([key, value]) => !(value === null && isSection(shape, key)));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, Object.hasOwn(shape, key) ? withoutEmptySections(shape[key] as z.ZodType, value) : value]),
  );
}

function isSection(shape: Readonly<Record<string, z.ZodType>>, key: string): boolean {
  const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
  return schema !== undefined && (shapeOf(schema) !== undefined || entryOf(schema) !== undefined);
}

function inside(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  const bare = unwrapped(schema);
  if (typeof part === 'number') return bare instanceof z.ZodArray ? (bare.element as z.ZodType) : undefined;
  const map = mapIn(schema);
  return map !== undefined && Object.hasOwn(map, part) ? map[part] : undefined;
}

/** The keys of a map, also where a value may be written as a map among other ways. */
function mapIn(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodPipe) return mapIn(bare.in as z.ZodType);
  if (bare instanceof z.ZodUnion) return (bare.options as z.ZodType[]).map(shapeOf).find((shape) => shape !== undefined);
  return shapeOf(bare);
}
