import type { z } from 'zod';
import type { Refusal } from '../values/file-access.js';
import { kindOf } from '../values/setting.js';
import { formatKey, type KeyPath, valueAt } from './key-path.js';
import { nearest } from './nearest.js';
import { allKeys, knownKeys, schemasAlong } from './schema-walk.js';
import type { Finding } from './yaml-source.js';

type Issue = z.core.$ZodIssue;

/** Turns what zod says about data into findings in the words of our keys. */
export function schemaFindings(schema: z.ZodType, data: unknown, issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => findingsOf({ schema, data }, issue, issue.path as KeyPath));
}

interface Context {
  readonly schema: z.ZodType;
  readonly data: unknown;
}

function findingsOf(context: Context, issue: Issue, path: KeyPath): Finding[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(context, path, key));
  const branch = issue.code === 'invalid_union' ? matchingBranch(issue.errors) : undefined;
  if (branch) return branch.flatMap((inner) => findingsOf(context, inner, [...path, ...(inner.path as KeyPath)]));
  if (issue.code === 'too_big' && Array.isArray(valueAt(context.data, path)))
    return [wrongValue(context, path), ...inEntries(context, path)];
  const refusal = issue.code === 'custom' ? (issue.params as Refusal | undefined) : undefined;
  return [refusal ? { path, ...refusal } : wrongValue(context, path)];
}

/** Of several ways to write a value, the one that was tried: its mistakes are inside, not in being something else. */
function matchingBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'));
}

/** zod stops at a list that is too long; its entries can have mistakes of their own. */
function inEntries(context: Context, list: KeyPath): Finding[] {
  const entries = valueAt(context.data, list) as readonly unknown[];
  return entries.flatMap((entry, index) => {
    const path = [...list, index];
    const issues = schemasAlong(context.schema, path).at(-1)?.safeParse(entry).error?.issues ?? [];
    return issues.flatMap((issue) => findingsOf(context, issue, [...path, ...(issue.path as KeyPath)]));
  });
}

function unknownKey({ schema }: Context, path: KeyPath, key: string): Finding {
  const here = knownKeys(schema, path);
  const full = formatKey([...path, key]);
  const meant = suggestion(schema, path, key, here);
  const allowed = here.join(', ');
  const message = `${full} is not a known key; did you mean ${meant}? Allowed here: ${allowed}`;
  return { path: [...path, key], found: `the unknown key ${key}`, allowed, message };
}

/** The nearest key in the same map, unless the very key is known elsewhere. */
function suggestion(schema: z.ZodType, path: KeyPath, key: string, here: readonly string[]): string {
  const elsewhere = allKeys(schema).find((known) => known.split('.').at(-1) === key);
  return elsewhere ?? formatKey([...path, nearest(key, here) ?? '']);
}

function wrongValue({ schema, data }: Context, path: KeyPath): Finding {
  const kinds = schemasAlong(schema, path).map(kindOf);
  const kind = kinds.findLast((candidate) => candidate !== undefined);
  const secret = kinds.some((candidate) => candidate?.secret);
  const value = valueAt(data, path);
  const allowed = kind === undefined || (kind.type === 'list' && typeof path.at(-1) === 'number') ? 'a map of keys' : kind.allowed;
  return { path, found: value === undefined ? 'missing' : foundText(value, secret), allowed };
}

const longestQuote = 60;

/** What stands there, short and without anything secret. */
export function foundText(value: unknown, secret = false): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map of keys';
  if (secret) return `a ${typeof value} (not shown)`;
  const text = String(value).replace(/\/\/[^/@]*@/, '//(not shown)@');
  const short = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return typeof value === 'string' ? JSON.stringify(short) : short;
}
