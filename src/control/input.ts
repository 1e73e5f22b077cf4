import type { z } from 'zod';
import { ControlInputError } from './error-body.js';
import type { Operation } from './operation.js';
import { type Problem, problemsOf } from './problem.js';

/** What a request brings: the names of the path, what follows `?`, and the JSON of its body. All unchecked. */
export interface RawInput {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * Parses what a request brings into the one input of an operation.
 * @throws ControlInputError naming every mistake
 */
export function readInput(operation: Operation, raw: RawInput): object {
  const problems: Problem[] = [];
  const parts = [
    readPart(operation.params, raw.params, problems),
    readPart(operation.query, raw.query, problems),
    readPart(operation.body, raw.body, problems),
  ];
  if (problems.length > 0) throw new ControlInputError(problems);
  return Object.assign({}, ...parts);
}

/** Sorts one input object into the parts of a request. */
export function splitInput(operation: Operation, input: object): RawInput {
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (schema: z.ZodObject | undefined) => {
    const names = Object.keys(schema?.shape ?? {}).filter((name) => rest.has(name));
    const part = Object.fromEntries(names.map((name) => [name, rest.get(name)]));
    for (const name of names) rest.delete(name);
    return part;
  };
  const params = take(operation.params);
  const query = take(operation.query);
  return { params, query, body: operation.body === undefined ? undefined : Object.fromEntries(rest) };
}

function readPart(schema: z.ZodType | undefined, value: unknown, problems: Problem[]): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(...problemsOf(schema, value, parsed.error));
  return undefined;
}
