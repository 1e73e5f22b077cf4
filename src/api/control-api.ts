import type { Hono } from 'hono';
import type { Log } from '#src/base/index.js';
import { type ControlService, controlOperations } from '#src/control/index.js';
import { serveOperations } from './serve-operations.js';

/** The gateway's control interface over HTTP; `fetch` of what it returns goes to a server. */
export function controlApi(service: ControlService, log: Log): Hono {
  return serveOperations(controlOperations, service, log);
}
