import { z } from 'zod';

/** One mistake in a request: where, what was there, and what may be there. Never the value of a secret. */
export const problem = z.object({ field: z.string(), found: z.string(), allowed: z.string() });
export type Problem = z.output<typeof problem>;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const maxShown = 60;
const secretName = /password|secret/i;
/** User and password in a URL. */
const userInfo = /\/\/[^/]*@/;

/** Every mistake that a schema found in a value. */
export function problemsOf(schema: z.ZodType, value: unknown, error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => fromIssue(schema, value, issue, [])).filter(isFirst);
}

/** The sentence for a person: one clause for each mistake. */
export function problemText(problems: readonly Problem[]): string {
  return problems.map(({ field, found, allowed }) => `${field}: found ${found}, allowed is ${allowed}.`).join(' ');
}

/** Several checks of one field can fail together and say the same. */
function isFirst(one: Problem, index: number, all: readonly Problem[]): boolean {
  return all.findIndex(({ field, allowed }) => field === one.field && allowed === one.allowed) === index;
}

function fromIssue(schema: z.ZodType, value: unknown, issue: Issue, base: Path): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(schema, path, key));
  if (issue.code === 'invalid_key') return [wrongKey(schema, path)];
  const title = titleOf(schemaAt(schema, path));
  if (issue.code === 'invalid_union' && title === undefined) return fromUnion(schema, value, issue, path);
  return [{ field: fieldName(path), found: shown(value, path), allowed: refusalOf(issue) ?? title ?? allowedBy(issue) }];
}

/** A value that fits no branch is told the mistakes of the branch it misses least. */
function fromUnion(schema: z.ZodType, value: unknown, issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): Problem[] {
  const nearest = issue.errors.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
  return nearest.flatMap((inner) => fromIssue(schema, value, inner, path));
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1), 0);
}

function unknownField(schema: z.ZodType, path: Path, key: string): Problem {
  const known = knownFields(schemaAt(schema, path));
  return {
    field: fieldName([...path, key]),
    found: 'an unknown field',
    allowed: known.length > 0 ? `one of ${known.join(', ')}` : 'nothing',
  };
}

/** A map takes any key of a form. */
function wrongKey(schema: z.ZodType, path: Path): Problem {
  const maps = schemaAt(schema, path.slice(0, -1)).filter((one) => one instanceof z.ZodRecord);
  const found = JSON.stringify(String(path.at(-1)));
  return { field: fieldName(path), found, allowed: titleOf(maps.map((map) => map.keyType)) ?? 'another key' };
}

/** A check between fields says itself what is allowed. */
function refusalOf(issue: Issue): string | undefined {
  const allowed: unknown = issue.code === 'custom' ? issue.params?.['allowed'] : undefined;
  return typeof allowed === 'string' ? allowed : undefined;
}

function allowedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return articled(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message;
  }
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}

function articled(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function shown(value: unknown, path: Path): string {
  const found = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
  if (found === undefined) return 'nothing';
  if (path.some((key) => secretName.test(String(key)))) return 'a value that is not shown';
  if (Array.isArray(found)) return `an array of ${found.length}`;
  if (typeof found === 'object' && found !== null) return 'an object';
  const text = JSON.stringify(found).replace(userInfo, '//…@');
  return text.length > maxShown ? `${text.slice(0, maxShown)}… (${text.length} characters)` : text;
}

function fieldName(path: Path): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : partName(String(key)))).join('');
  return name === '' ? 'body' : name.replace(/^\./, '');
}

function partName(key: string): string {
  return /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** The schemas that may stand at a path: several below a union. */
function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>((schemas, key) => schemas.flatMap((one) => stepInto(one, key)), unwrapped(schema));
}

function stepInto(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) return unwrapped(schema.shape[String(key)]);
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType);
  return schema instanceof z.ZodArray ? unwrapped(schema.element) : [];
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.def.innerType);
  if (schema instanceof z.ZodUnion && titleOf([schema]) === undefined) return schema.options.flatMap((option) => unwrapped(option));
  return schema === undefined ? [] : [schema];
}

function titleOf(schemas: readonly z.core.$ZodType[]): string | undefined {
  return schemas.map((schema) => z.globalRegistry.get(schema)?.title).find((title) => title !== undefined);
}

function knownFields(schemas: readonly z.core.$ZodType[]): string[] {
  return [...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))];
}
