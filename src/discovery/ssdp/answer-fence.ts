import type { Clock, Entropy, Timer } from '#src/base/index.js';
import { AnswerCredit } from './answer-credit.js';
import type { Drops } from './drops.js';

/** A search as it came. */
export interface Search {
  readonly address: string;
  readonly port: number;
  readonly bytes: number;
  /** Its MX: seconds within which the answer comes. */
  readonly wait: number;
}

export interface AnswerFenceParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly drops: Drops;
}

/** Answers that wait for their moment. */
const mostWaiting = 64;

/** Lets one answer to each search out, to whom it came from, when it is paid for. */
export class AnswerFence {
  readonly #parts: AnswerFenceParts;
  readonly #credit: AnswerCredit;
  readonly #waiting = new Set<Timer>();
  #open: Search | undefined;

  constructor(parts: AnswerFenceParts) {
    this.#parts = parts;
    this.#credit = new AnswerCredit(parts.clock);
  }

  /** Reads a search; only meanwhile it can be answered. */
  during(search: Search, read: () => void): void {
    this.#credit.received(search.address, search.bytes);
    this.#open = search;
    try {
      read();
    } finally {
      this.#open = undefined;
    }
  }

  /** Sends an answer at a random moment within MX, so that not everybody answers at once; or drops it. */
  answer(datagram: Uint8Array, to: { readonly address: string; readonly port: number }, send: () => void): void {
    const search = this.#open;
    if (search === undefined || search.address !== to.address || search.port !== to.port) return;
    // The rest of what node-ssdp would say to `ssdp:all`.
    this.#open = undefined;
    if (this.#waiting.size >= mostWaiting) return this.#parts.drops.count('too-many');
    if (!this.#credit.pays(search.address, datagram.length)) return this.#parts.drops.count('no-credit');
    const { clock, entropy } = this.#parts;
    const timer = clock.timer('an answer of SSDP', entropy.below(search.wait * 1_000), () => {
      this.#waiting.delete(timer);
      send();
    });
    this.#waiting.add(timer);
  }

  close(): void {
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
  }
}
