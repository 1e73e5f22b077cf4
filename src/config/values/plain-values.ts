import { z } from 'zod';
import { ofKind } from './setting.js';

const oneLine = /^[^\p{Cc}]+$/u;

/** True or false. */
export function flag() {
  return ofKind(z.boolean(), { type: 'true or false', allowed: 'true or false' });
}

/** A whole number. */
export function count(least: number, most: number) {
  return ofKind(z.int().min(least).max(most), { type: 'whole number', allowed: `a whole number from ${least} to ${most}` });
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words, allowed = words.join(', ')) {
  return ofKind(z.enum(words), { type: words.join(', '), allowed });
}

/** A line that people read. */
export function line(most = 128) {
  const schema = z.string().min(1).max(most).regex(oneLine);
  return ofKind(schema, { type: 'text', allowed: `one line of 1 to ${most} characters (in quotes if it looks like a number)` });
}

/** A list of single values. */
export function listOf<S extends z.ZodType>(schema: S, most: number, allowed: string) {
  return ofKind(z.array(schema).max(most), { type: 'list', allowed: `a list of at most ${most} values, each ${allowed}` });
}
