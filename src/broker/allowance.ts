import type { Clock, Milliseconds } from '#src/base/index.js';

export interface Rate {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** So much may come at once after a rest. */
const burstSeconds = 4;

/** What a device may send, over all its connections: two buckets that fill by time. It can go into debt by one packet. */
export class Allowance {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #messages: number;
  #bytes: number;
  #filledAt: Milliseconds;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#messages = rate.messagesPerSecond * burstSeconds;
    this.#bytes = rate.bytesPerSecond * burstSeconds;
    this.#filledAt = clock.monotonic();
  }

  /** 0: it may come; else the time after which to ask again. */
  take(bytes: number): Milliseconds {
    this.#fill();
    const wait = Math.max(waitFor(this.#messages, this.#rate.messagesPerSecond), waitFor(this.#bytes, this.#rate.bytesPerSecond));
    if (wait > 0) return wait;
    this.#messages -= 1;
    this.#bytes -= bytes;
    return 0;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    const seconds = (now - this.#filledAt) / 1000;
    const { messagesPerSecond, bytesPerSecond } = this.#rate;
    this.#messages = Math.min(messagesPerSecond * burstSeconds, this.#messages + seconds * messagesPerSecond);
    this.#bytes = Math.min(bytesPerSecond * burstSeconds, this.#bytes + seconds * bytesPerSecond);
    this.#filledAt = now;
  }
}

function waitFor(held: number, perSecond: number): Milliseconds {
  return held >= 1 ? 0 : Math.ceil(((1 - held) / perSecond) * 1000);
}
