import type { IncomingMessage } from 'node:http';
import type { Clock, Milliseconds } from '#src/base/index.js';
import type { BodyRoom } from './body-room.js';
import { overloaded } from './http-door.js';
import type { Refusal } from './request-head.js';

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
      resolve(outcome);
    };
    const share = limits.room.enter(() => settle({ ...overloaded, why: 'too much of other bodies is under way' }));
    const timer = limits.clock.timer('http request body', limits.timeout, () => settle({ status: 408, why: 'body too slow' }));
    request.on('data', (chunk: Buffer) => {
      if (body.length + chunk.byteLength > limits.bytes) return settle({ status: 413, why: 'body over the limit' });
      share.grow(body.add(chunk));
    });
    request.once('end', () => settle(request.complete ? body.taken() : undefined));
    request.once('error', () => settle(undefined));
    request.once('close', () => settle(undefined));
  });
}

const first = 4_096;

/** Bytes in one piece of memory: kept as they came, a body in pieces of one byte would take a hundred times its size. */
class GrowingBytes {
  readonly #most: number;
  #bytes: Buffer = Buffer.alloc(0);
  length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns by how much more it takes */
  add(chunk: Buffer): number {
    const before = this.#bytes.length;
    const needed = this.length + chunk.length;
    if (needed > before) this.#growTo(Math.max(needed, Math.min(this.#most, Math.max(first, 2 * before))));
    chunk.copy(this.#bytes, this.length);
    this.length = needed;
    return this.#bytes.length - before;
  }

  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #growTo(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
  }
}
