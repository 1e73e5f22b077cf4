import type { Hono } from 'hono';
import type { Log } from '#src/base/index.js';
import { type SmallServerService, smallServerOperations } from '#src/control/index.js';
import { serveOperations } from './serve-operations.js';

/** The small DM server's operator interface over HTTP. */
export function smallServerApi(service: SmallServerService, log: Log): Hono {
  return serveOperations(smallServerOperations, service, log);
}
