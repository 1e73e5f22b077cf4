import { expect, it } from 'vitest';
import { z } from 'zod';
import { PosternError } from '#src/base/index.js';
import { httpStatusOf } from '#src/control/error-body.js';
import { controlOperations, type Operation, smallServerOperations } from '#src/control/index.js';

const operations: [string, Operation][] = [controlOperations, smallServerOperations].flatMap((table) => Object.entries(table));

it.each(operations)('%s: the names in the path are those of its parameters', (_name, { path, params }) => {
  expect([...path.matchAll(/:(\w+)/g)].map(([, name]) => name)).toEqual(Object.keys(params?.shape ?? {}));
});

it.each(operations)('%s: path, query and body have no name in common', (_name, { params, query, body }) => {
  const names = [...Object.keys(params?.shape ?? {}), ...Object.keys(query?.shape ?? {}), ...bodyNames(body)];
  expect(new Set(names).size).toBe(names.length);
});

it.each(operations)('%s: what it refuses with has a status of its own', (_name, { errors }) => {
  expect(errors.filter((code) => httpStatusOf(new PosternError(code)) === 500)).toEqual([]);
});

it.each(operations)('%s: a GET has no body', (_name, { method, body }) => {
  expect(method === 'GET' && body !== undefined).toBe(false);
});

it('sees the operations', () => {
  expect(operations.length).toBeGreaterThan(15);
});

function bodyNames(body: z.ZodType | undefined): string[] {
  if (body instanceof z.ZodUnion) return [...new Set((body.options as z.ZodType[]).flatMap(bodyNames))];
  return body instanceof z.ZodObject ? Object.keys(body.shape) : [];
}
