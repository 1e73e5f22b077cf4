import type { Hono } from 'hono';
import type { Log } from '#src/base/index.js';
import { type ControlService, controlOperations } from '#src/control/index.js';
import type { MetricsPage } from './metrics-page.js';
import { serveOperations } from './serve-operations.js';

/** The gateway's control interface over HTTP, with `GET /metrics` where there is a page; `fetch` of what it returns goes to a server. */
export function controlApi(service: ControlService, log: Log, metrics?: MetricsPage): Hono {
  const app = serveOperations(controlOperations, service, log);
  if (metrics !== undefined) {
    app.get('/metrics', async () => {
      const { contentType, text } = await metrics.read();
      return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } });
    });
  }
  return app;
}
