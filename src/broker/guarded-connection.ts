import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock, Milliseconds, Timer } from '#src/base/index.js';
import { connectType, readFrameHeader } from './frame.js';

/** Why a connection was closed by its guard. */
export type GuardReason = 'not-mqtt' | 'too-much-before-connack' | 'frame-too-large' | 'malformed-length' | 'too-slow-to-read';

export interface GuardOptions {
  /** Under TLS the one with the plain bytes. */
  readonly socket: Socket;
  readonly address: string;
  readonly clock: Clock;
  /** Bytes of one control packet once the device is known. */
  readonly frameBytes: number;
  /** Bytes that may wait for a peer that does not read. */
  readonly backlogBytes: number;
  /** How long none of them may get away. */
  readonly drainTimeout: Milliseconds;
  readonly onRefused: (reason: GuardReason) => void;
  /** The CONNACK has left. */
  readonly onAdmitted: () => void;
}

/** What holds for a connection after its CONNACK. */
export interface Admitted {
  /** 0: a packet of so many bytes may come now; else when to ask again. */
  take(bytes: number): Milliseconds;
}

/** All that a peer may send before it is known. */
const bytesBeforeConnack = 2_048;

/**
 * Stands between a socket and aedes, which has no bound of its own: nothing but one small CONNECT passes before the CONNACK, no packet
 * above the cap after it, no more of them than the device's allowance. What it holds is one read of the socket.
 */
export class GuardedConnection extends Duplex {
  readonly #options: GuardOptions;
  readonly address: string;
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the packet that is passing. */
  #passing = 0;
  #received = 0;
  #connected = false;
  #admitted: Admitted | undefined;
  #wait: Timer | undefined;
  #drain: Timer | undefined;
  #wanted = true;
  #ended = false;

  constructor(options: GuardOptions) {
    super();
    this.#options = options;
    this.address = options.address;
    const { socket } = options;
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('end', () => this.#end());
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  /** The CONNACK has left: what follows is the device's. */
  admit(admitted: Admitted): void {
    this.#admitted = admitted;
    this.#options.onAdmitted();
    this.#pass();
  }

  /** Closes it if more waits to be read than may; whether it did. */
  closedForBacklog(): boolean {
    if (this.writableLength > this.#options.backlogBytes) this.#refuse('too-slow-to-read');
    return this.destroyed;
  }

  /** Resolves when what was written is on its way, or never will be. */
  flushed(): Promise<void> {
    return new Promise((resolve) => (this.destroyed ? resolve() : void this.write(Buffer.alloc(0), () => resolve())));
  }

  override _read(): void {
    this.#wanted = true;
    this.#pass();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#drain = this.#options.clock.timer('mqtt drain', this.#options.drainTimeout, () => this.#refuse('too-slow-to-read'));
    this.#options.socket.write(chunk, (error) => {
      this.#drain?.cancel();
      done(error);
    });
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done);
  }

  override _final(done: () => void): void {
    this.#options.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#wait?.cancel();
    this.#drain?.cancel();
    this.#held = Buffer.alloc(0);
    this.#options.socket.destroy();
    done(error);
  }

  #take(bytes: Buffer): void {
    this.#received += bytes.length;
    if (this.#admitted === undefined && this.#received > bytesBeforeConnack) return void this.#refuse('too-much-before-connack');
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#pass();
  }

  #end(): void {
    this.#ended = true;
    this.#pass();
  }

  #pass(): void {
    const state = this.#passOn();
    if (this.destroyed) return;
    if (state === 'wait') this.#options.socket.pause();
    else if (this.#ended) this.push(null);
    else this.#options.socket.resume();
  }

  /** `more`: only further bytes help; `wait`: there are enough, and something else has to happen first. */
  #passOn(): 'more' | 'wait' {
    while (this.#held.length > 0) {
      if (!this.#wanted || this.#wait !== undefined) return 'wait';
      const verdict = this.#passing > 0 ? 'pass' : this.#begin();
      if (verdict !== 'pass') return verdict;
      const part = this.#held.subarray(0, this.#passing);
      this.#held = this.#held.subarray(part.length);
      this.#passing -= part.length;
      this.#wanted = this.push(part);
    }
    return 'more';
  }

  /** Looks at the packet that begins. */
  #begin(): 'pass' | 'more' | 'wait' {
    if (this.#admitted === undefined && this.#connected) return 'wait';
    const header = readFrameHeader(this.#held);
    if (header === 'malformed') return this.#refuse('malformed-length');
    if (header === 'incomplete') return 'more';
    const { type, length } = header;
    if (this.#admitted === undefined) return this.#beginFirst(type, length);
    if (length > this.#options.frameBytes) return this.#refuse('frame-too-large');
    const wait = this.#admitted.take(length);
    if (wait > 0) return this.#later(wait);
    this.#passing = length;
    return 'pass';
  }

  #beginFirst(type: number, length: number): 'pass' | 'wait' {
    if (type !== connectType) return this.#refuse('not-mqtt');
    if (length > bytesBeforeConnack) return this.#refuse('too-much-before-connack');
    this.#connected = true;
    this.#passing = length;
    return 'pass';
  }

  #later(wait: Milliseconds): 'wait' {
    this.#wait = this.#options.clock.timer('mqtt allowance', wait, () => {
      this.#wait = undefined;
      this.#pass();
    });
    return 'wait';
  }

  #refuse(reason: GuardReason): 'wait' {
    this.#options.onRefused(reason);
    this.destroy();
    return 'wait';
  }
}
