import type { IncomingMessage } from 'node:http';
import type { Clock, Milliseconds } from '#src/base/index.js';
import type { Refusal } from './request-head.js';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeout: Milliseconds;
  readonly clock: Clock;
}

/** Reads a request's body: its bytes, or the refusal when it breaks a limit, or undefined when the peer went away before its end. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array | Refusal | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: Uint8Array | Refusal | undefined) => {
      timer.cancel();
      request.removeAllListeners('data');
      resolve(outcome);
    };
    const timer = limits.clock.timer('http request body', limits.timeout, () => settle({ status: 408, why: 'body too slow' }));
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size > limits.bytes) settle({ status: 413, why: 'body over the limit' });
    });
    request.once('end', () => settle(request.complete ? Buffer.concat(chunks, size) : undefined));
    request.once('error', () => settle(undefined));
    request.once('close', () => settle(undefined));
  });
}
