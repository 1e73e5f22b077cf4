import { z } from 'zod';

/** What a value looks like in the file, whichever key has it. */
export interface Kind {
  /** One or two words for tables. */
  readonly type: string;
  /** What a mistake is told to write instead. */
  readonly allowed: string;
  readonly unit?: string;
  /** Its text never appears in a message or a listing. */
  readonly secret?: boolean;
  /** Turns a parsed value into what the file would have. */
  readonly show?: (value: unknown) => unknown;
}

/** What a key means. */
export interface About {
  readonly description: string;
  readonly unit?: string;
  /** Whether a change needs a restart; true unless said otherwise, for nothing reads the file again yet. */
  readonly restart?: boolean;
  /** For the commented example, where there is no default. */
  readonly example?: unknown;
}

const kinds = z.registry<Kind>();
const abouts = z.registry<About>();

/** Gives a schema its kind. */
export function ofKind<S extends z.ZodType>(schema: S, kind: Kind): S {
  kinds.add(schema, kind);
  return schema;
}

/** A key with a default, written as the file would have it. */
export function setting<S extends z.ZodType>(schema: S, about: About & { readonly default: z.input<S> }) {
  return described(schema.prefault(about.default as never), about);
}

/** A key that may be absent and has no default. */
export function optionalSetting<S extends z.ZodType>(schema: S, about: About) {
  return described(z.exactOptional(schema), about);
}

/** A key that an entry of a list cannot do without. */
export function requiredSetting<S extends z.ZodType>(schema: S, about: About): S {
  return described(schema, about);
}

/** A map of keys; absent, each of them has its default. */
export function section<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return described(z.strictObject(shape).prefault({} as never), { description });
}

/** A map of keys that has no default as a whole. */
export function optionalSection<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return described(z.exactOptional(z.strictObject(shape)), { description });
}

/** A list of maps, empty by default. */
export function listSection<Shape extends z.ZodRawShape>(
  shape: Shape,
  about: About & { readonly most: number; readonly allowed?: string },
) {
  const list = z.array(z.strictObject(shape)).max(about.most).prefault([]);
  const allowed = about.allowed ?? `a list of at most ${about.most} entries`;
  abouts.add(list, about);
  return ofKind(list, { type: 'list', allowed });
}

/** The kind of a schema, seen through its wrappers. */
export function kindOf(schema: z.ZodType): Kind | undefined {
  return kinds.get(schema) ?? throughWrapper(schema, kindOf);
}

/** What was said about the key that has this schema. */
export function aboutOf(schema: z.ZodType): About | undefined {
  return abouts.get(schema) ?? throughWrapper(schema, aboutOf);
}

/** The default of a key as the file would have it; undefined: none. */
export function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

/** The schema without its wrappers. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  return throughWrapper(schema, unwrapped) ?? schema;
}

function throughWrapper<T>(schema: z.ZodType, next: (inner: z.ZodType) => T): T | undefined {
  const wrapper = schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional;
  return wrapper ? next(schema.unwrap() as z.ZodType) : undefined;
}

function described<S extends z.ZodType>(schema: S, about: About): S {
  abouts.add(schema, about);
  return schema;
}
