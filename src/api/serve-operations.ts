import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Log, PosternError } from '#src/base/index.js';
import { formatError, httpStatusOf, maxBodyBytes, type Operation, type Operations, readInput, type Service } from '#src/control/index.js';

/**
 * Serves every operation of a contract: parses the request, calls the method, checks the answer against its schema.
 * What fails becomes `{ error: { code, message, … } }`; what is a bug is logged too, since the caller is not told.
 */
export function serveOperations<T extends Operations>(operations: T, service: Service<T>, log: Log): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }));
  for (const [name, operation] of Object.entries(operations)) {
    const method = service[name] as (input: object) => Promise<unknown>;
    app.on(operation.method, operation.path, (context) => answer(context, operation, (input) => method.call(service, input)));
  }
  app.notFound((context) => failed(new PosternError('control.no-route', { method: context.req.method, path: context.req.path })));
  app.onError((error, { req }) => {
    const status = httpStatusOf(error);
    if (status === 500) log.error({ err: error, method: req.method, path: req.path }, 'a control request failed');
    return failed(error);
  });
  return app;
}

async function answer(context: Context, operation: Operation, call: (input: object) => Promise<unknown>): Promise<Response> {
  const input = readInput(operation, {
    params: context.req.param(),
    query: context.req.query(),
    body: operation.body === undefined ? undefined : await readBody(context),
  });
  const result = await call(input);
  if (operation.answer === undefined) return context.body(null, 204);
  // Parsing also drops what the contract does not name: nothing inner can leak.
  const told = operation.answer.parse(result);
  return Response.json(told, { status: operation.statusOf?.(told) ?? 200, headers: { 'cache-control': 'no-store' } });
}

async function readBody(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is no object either, and is told so with the schema's own words.
    return text === '' ? undefined : 'text that is not JSON';
  }
}

function tooLarge(): Response {
  return failed(new PosternError('control.too-large', { limit: maxBodyBytes }));
}

function failed(error: unknown): Response {
  return Response.json(formatError(error), { status: httpStatusOf(error), headers: { 'cache-control': 'no-store' } });
}
