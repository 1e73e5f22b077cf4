import type { IncomingMessage } from 'node:http';
import type { Clock, Milliseconds } from '#src/base/index.js';
import { overloaded } from '../http/http-door.js';
import type { Refusal } from '../http/request-head.js';
import type { BodyRoom } from './body-room.js';
import { GrowingBytes } from './growing-bytes.js';

export interface BodyLimits {
  readonly bytes: number;
  readonly timeout: Milliseconds;
  /** Shared by all bodies of the door. */
  readonly room: BodyRoom;
  readonly clock: Clock;
}

/** Reads a request's body: its bytes, or the refusal when it breaks a limit, or undefined when the peer went away before its end. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array | Refusal | undefined> {
  return new Promise((resolve) => {
    const body = new GrowingBytes(limits.bytes);
    const settle = (outcome: Uint8Array | Refusal | undefined) => {
      timer.cancel();
      share.leave();
      request.removeAllListeners('data');
      body.release();
      resolve(outcome);
    };
    const share = limits.room.enter(() => settle({ ...overloaded, why: 'too much of other bodies is under way' }));
    const timer = limits.clock.timer('http request body', limits.timeout, () => settle({ status: 408, why: 'body too slow' }));
    request.on('data', (chunk: Buffer) => {
      if (body.length + chunk.byteLength > limits.bytes) return settle({ status: 413, why: 'body over the limit' });
      const more = body.add(chunk);
      if (more === undefined) return settle({ ...overloaded, why: 'no memory for a body' });
      share.grow(more);
    });
    request.once('end', () => settle(request.complete ? body.taken() : undefined));
    request.once('error', () => settle(undefined));
    request.once('close', () => settle(undefined));
  });
}
