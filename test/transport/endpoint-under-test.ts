import { afterEach } from 'vitest';
import { type Clock, ManualClock, silentLog } from '#src/base/index.js';
import type { DmRequest, DmResponse } from '#src/gateway/index.js';
import { type DmEndpoint, type DmEndpointLimits, type DmEndpointOptions, serveDm } from '#src/transport/index.js';

export interface EndpointUnderTest extends DmEndpoint {
  /** What reached the handler. */
  readonly requests: DmRequest[];
}

export const roomyLimits: DmEndpointLimits = {
  bodyBytes: 1_000,
  headerTimeout: 10_000,
  bodyTimeout: 10_000,
  answerTimeout: 10_000,
  maxConnections: 50,
};

const open: { endpoint: DmEndpoint; clock: Clock | undefined }[] = [];

afterEach(async () => {
  const closing = open.splice(0).map(({ endpoint, clock }) => {
    const closed = endpoint.close(0);
    if (clock instanceof ManualClock) clock.advance(0);
    return closed;
  });
  await Promise.all(closing);
});

/** An endpoint on a free port of 127.0.0.1 that is closed after the test; unless told otherwise its handler echoes. */
export async function endpointUnderTest(options: Partial<DmEndpointOptions> = {}): Promise<EndpointUnderTest> {
  const requests: DmRequest[] = [];
  const handler = options.handler ?? echo;
  const endpoint = await serveDm({
    listen: '127.0.0.1',
    port: 0,
    accepts: (path) => path === '/dm',
    limits: roomyLimits,
    log: silentLog,
    ...options,
    handler: (request) => {
      requests.push(request);
      return handler(request);
    },
  });
  open.push({ endpoint, clock: options.clock });
  return { ...endpoint, requests };
}

export async function echo(request: DmRequest): Promise<DmResponse> {
  return { status: 200, contentType: 'text/plain', body: request.body };
}
