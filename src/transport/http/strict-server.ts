import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { inspectPlain } from './request-head.js';

/**
 * An HTTP server for our own machine whose listener never gets a request that two readers could understand differently: such a one
 * is refused here, and nothing behind it on its connection is looked at.
 * @see RFC 9112 § 11.2
 */
export function createStrictServer(options: ServerOptions, listener: RequestListener): Server {
  const refused = new WeakSet<object>();
  const receiver = (waits: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    if (refused.has(request.socket)) return;
    const { method = '', url = '', httpVersion, rawHeaders } = request;
    const refusal = inspectPlain({ method, target: url, version: httpVersion, fields: rawHeaders });
    if (refusal === undefined) {
      if (waits) response.writeContinue();
      listener(request, response);
      return;
    }
    refused.add(request.socket);
    response.writeHead(refusal.status, { connection: 'close', 'content-length': 0 }).end();
  };
  // Node's own demand for a Host, and its answer to an expectation, leave the connection open for what follows.
  const server = createServer({ ...options, requireHostHeader: false, insecureHTTPParser: false }, receiver(false));
  server.maxHeadersCount = 0; // the parser would drop the surplus silently; the head's bytes bound it, and it is counted
  server.on('checkExpectation', receiver(false));
  server.on('checkContinue', receiver(true));
  return server;
}
