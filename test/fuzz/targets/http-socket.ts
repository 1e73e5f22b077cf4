import { connect } from 'node:net';
import { silentLog } from '#src/base/index.js';
import type { DmRequest } from '#src/gateway/index.js';
import { type DmEndpoint, serveDm } from '#src/transport/index.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';
import { httpGrammar } from './http.js';

const limits = { bodyBytes: 10_000, headerTimeout: 10_000, bodyTimeout: 10_000, answerTimeout: 10_000, maxConnections: 50 };
const answers = [100, 200, 400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505];
let endpoint: Promise<DmEndpoint> | undefined;
let handled: DmRequest[] = [];

/** The same requests through a real socket and its parser, in small number. */
export const httpSocketTarget: FuzzTarget = {
  name: 'http-socket',
  share: 0.001,
  leastForHeap: 1_500,
  grammar: httpGrammar,
  async check(input) {
    endpoint ??= serve();
    const { port } = await endpoint;
    handled = [];
    const answer = await exchange(port, input);
    hold(
      [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].every(([, status]) => answers.includes(Number(status))),
      `the answer is one of those that are known: ${answer.slice(0, 80)}`,
    );
    hold(
      handled.every(({ body }) => body.length <= limits.bodyBytes),
      'no larger body reaches the handler',
    );
  },
  async close() {
    const closing = await endpoint;
    endpoint = undefined;
    await closing?.close(0);
  },
};

function serve(): Promise<DmEndpoint> {
  const handler = async (request: DmRequest) => {
    handled.push(request);
    return { status: 200, contentType: 'text/plain', body: Buffer.from('ok') };
  };
  return serveDm({ listen: '127.0.0.1', port: 0, accepts: (path) => path === '/dm', limits, log: silentLog, handler });
}

/** Says everything at once, and hears until the other side has closed. */
function exchange(port: number, input: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    // A refused peer may be reset while it still speaks.
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(received));
    socket.end(input);
  });
}
