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
    const body = new GatheredBytes(limits.room);
    const settle = (outcome: Uint8Array | Refusal | undefined) => {
      timer.cancel();
      share.leave();
      body.release();
      request.removeAllListeners('data');
      resolve(outcome);
    };
    const share = limits.room.enter(() => settle({ ...overloaded, why: 'too much of other bodies is under way' }));
    const timer = limits.clock.timer('http request body', limits.timeout, () => settle({ status: 408, why: 'body too slow' }));
    request.on('data', (chunk: Buffer) => {
      if (body.length + chunk.byteLength > limits.bytes) return settle({ status: 413, why: 'body over the limit' });
      body.add(chunk);
      share.grow(chunk.byteLength);
    });
    request.once('end', () => settle(request.complete ? body.whole() : undefined));
    request.once('error', () => settle(undefined));
    request.once('close', () => settle(undefined));
  });
}

/** Bytes in whole blocks: kept as they came, a body in pieces of one byte would take a hundred times its size. */
class GatheredBytes {
  readonly #room: BodyRoom;
  #blocks: Buffer[] = [];
  /** Bytes of the last block that nothing stands in. */
  #free = 0;
  length = 0;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at += this.#fill(chunk.subarray(at));
  }

  /** All of them in one piece. */
  whole(): Uint8Array {
    return Buffer.concat(this.#blocks, this.length);
  }

  /** They are not looked at any more. */
  release(): void {
    this.#room.giveBack(this.#blocks);
    this.#blocks = [];
    this.#free = 0;
  }

  #fill(bytes: Buffer): number {
    if (this.#free === 0) {
      const fresh = this.#room.takeBlock();
      this.#blocks.push(fresh);
      this.#free = fresh.length;
    }
    const last = this.#blocks.at(-1) as Buffer;
    const copied = bytes.copy(last, last.length - this.#free);
    this.#free -= copied;
    this.length += copied;
    return copied;
  }
}
