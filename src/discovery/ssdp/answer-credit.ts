import type { Clock, Milliseconds } from '#src/base/index.js';

interface Account {
  bytes: number;
  lastHeard: Milliseconds;
  lastAnswered: Milliseconds;
}

/** What an address has sent us counts for this long. */
const lasts: Milliseconds = 10_000;
const betweenAnswers: Milliseconds = 1_000;
/** Addresses with credit at once; others get none until one of these has lapsed. */
const mostAddresses = 1_024;

/**
 * How many bytes an address may be sent: never more than came from it. Whoever writes a victim's address as the source of a search
 * cannot make us send the victim more than they sent us. A search is repeated by those who mean it, and has then paid for its answer.
 */
export class AnswerCredit {
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something came from this address. */
  received(address: string, bytes: number): void {
    const now = this.#clock.monotonic();
    const account = this.#account(address, now);
    if (account === undefined) return;
    account.bytes += bytes;
    account.lastHeard = now;
  }

  /** Whether an answer may go there; then it is paid for. */
  pays(address: string, bytes: number): boolean {
    const now = this.#clock.monotonic();
    const account = this.#accounts.get(address);
    if (account === undefined || isLapsed(account, now)) return false;
    if (account.bytes < bytes || now - account.lastAnswered < betweenAnswers) return false;
    account.bytes -= bytes;
    account.lastAnswered = now;
    return true;
  }

  #account(address: string, now: Milliseconds): Account | undefined {
    const known = this.#accounts.get(address);
    if (known !== undefined && !isLapsed(known, now)) return known;
    if (known === undefined && this.#accounts.size >= mostAddresses) this.#forgetLapsed(now);
    if (known === undefined && this.#accounts.size >= mostAddresses) return undefined;
    const account = { bytes: 0, lastHeard: now, lastAnswered: Number.NEGATIVE_INFINITY };
    this.#accounts.set(address, account);
    return account;
  }

  #forgetLapsed(now: Milliseconds): void {
    for (const [address, account] of this.#accounts) if (isLapsed(account, now)) this.#accounts.delete(address);
  }
}

function isLapsed({ lastHeard }: Account, now: Milliseconds): boolean {
  return now - lastHeard >= lasts;
}
