import { hash } from 'node:crypto';
import type { Clock, Milliseconds } from './clock.js';
import { RecentlyUsed } from './recently-used.js';

/** Whose credentials, and where they come from. The account is the name that is shown, whether anybody has it or not. */
export interface LoginAttempt {
  readonly address: string;
  readonly account: string;
}

export interface LoginSettings {
  /** Wrong credentials of one account that are looked at in an hour, whatever addresses they come from. */
  readonly failuresPerHour: number;
  /** How long credentials for an account that was wrong often are not looked at, from one address. */
  readonly longestDelay: Milliseconds;
}

const defaultLoginSettings: LoginSettings = { failuresPerHour: 100, longestDelay: 300_000 };

/** Where accounts have been right, as it is kept over a restart. Both are digests. */
export interface KnownPlaces {
  has(account: string, place: string): boolean;
  /** Says that the account has been right there now. */
  add(account: string, place: string): void;
}

/** What is remembered of an account at an address. */
interface Failures {
  readonly count: number;
  readonly last: Milliseconds;
}

/** How full an account's allowance is; it runs empty with time. */
interface Level {
  readonly level: number;
  readonly at: Milliseconds;
}

const hour: Milliseconds = 3_600_000;
/** A place that is in use is said to be every so often. */
const saidAgainAfter: Milliseconds = 24 * hour;
/** Failures that cost nothing: a device that lost its nonce, or was told a new password, has a few. With the delays that makes ten in a minute. */
const freeFailures = 4;
const firstDelay: Milliseconds = 1_000;
/** Pairs of account and address that are remembered, and accounts; those that exist apart from those that do not. */
const capacity = 4_096;

/**
 * What guessing costs, at all doors together: an account that was wrong from an address is not looked at from there for a while that doubles,
 * and so many times in an hour from all addresses that were never right. Nobody waits inside: whoever is early is refused.
 * Other accounts of that address are not concerned, nor is the account from where it has been right before.
 */
export class LoginLimit {
  readonly #clock: Clock;
  readonly #settings: LoginSettings;
  readonly #existing = newBook();
  readonly #invented = newBook();
  /** Where accounts have been right, and when that was last said to be kept. */
  readonly #places = new RecentlyUsed<Milliseconds>(capacity);
  readonly #kept: KnownPlaces | undefined;

  /** @param kept what outlives a restart; absent: nothing does */
  constructor(clock: Clock, settings: LoginSettings = defaultLoginSettings, kept?: KnownPlaces) {
    this.#clock = clock;
    this.#settings = settings;
    this.#kept = kept;
  }

  /** How long until credentials of this account are looked at from this address; 0: now. */
  wait(attempt: LoginAttempt): Milliseconds {
    const [pair, account] = keysOf(attempt);
    const own = Math.max(...this.#books.map(({ pairs }) => this.#delayOf(pairs.get(pair))));
    if (own > 0) return own;
    const pause = Math.max(...this.#books.map(({ accounts }) => this.#pauseOf(accounts.get(account))));
    return pause > 0 && this.#isKnown(account, pair) ? 0 : pause;
  }

  /** @param exists whether anybody has the name; a flood of invented ones must not make us forget what real ones have cost */
  failed(attempt: LoginAttempt, exists: boolean): void {
    const { pairs, accounts } = exists ? this.#existing : this.#invented;
    const [pair, account] = keysOf(attempt);
    const now = this.#clock.monotonic();
    pairs.put(pair, { count: this.#countOf(pairs.get(pair)) + 1, last: now });
    accounts.put(account, { level: this.#levelOf(accounts.get(account)) + 1, at: now });
  }

  succeeded(attempt: LoginAttempt): void {
    const [pair, account] = keysOf(attempt);
    for (const { pairs } of this.#books) pairs.remove(pair);
    const now = this.#clock.monotonic();
    const said = this.#places.get(pair);
    const isSaid = said !== undefined && now - said < saidAgainAfter;
    this.#places.put(pair, isSaid ? said : now);
    if (!isSaid) this.#kept?.add(account, pair);
  }

  #isKnown(account: string, pair: string): boolean {
    return this.#places.get(pair) !== undefined || this.#kept?.has(account, pair) === true;
  }

  get #books() {
    return [this.#existing, this.#invented];
  }

  #delayOf(failures: Failures | undefined): Milliseconds {
    const count = this.#countOf(failures);
    if (failures === undefined || count <= freeFailures) return 0;
    const delay = Math.min(this.#settings.longestDelay, firstDelay * 2 ** (count - freeFailures - 1));
    return Math.max(0, failures.last + delay - this.#clock.monotonic());
  }

  #countOf(failures: Failures | undefined): number {
    return failures === undefined || this.#clock.monotonic() - failures.last >= hour ? 0 : failures.count;
  }

  #pauseOf(before: Level | undefined): Milliseconds {
    return Math.max(0, (this.#levelOf(before) - (this.#half - 1)) / this.#emptiedBy);
  }

  #levelOf(before: Level | undefined): number {
    return before === undefined ? 0 : Math.max(0, before.level - (this.#clock.monotonic() - before.at) * this.#emptiedBy);
  }

  /** Half of the allowance may be used at once, the other half comes back over the hour: no hour has more than both. */
  get #half(): number {
    return this.#settings.failuresPerHour / 2;
  }

  /** In a millisecond. */
  get #emptiedBy(): number {
    return this.#half / hour;
  }
}

/** For `Retry-After`: whole seconds, never 0. @see RFC 9110 § 10.2.3 */
export function retryAfter(wait: Milliseconds): string {
  return String(Math.max(1, Math.ceil(wait / 1_000)));
}

function newBook() {
  return { pairs: new RecentlyUsed<Failures>(capacity), accounts: new RecentlyUsed<Level>(capacity) };
}

/** Of one length, however long the name is that somebody shows. */
function keysOf({ address, account }: LoginAttempt): [pair: string, account: string] {
  return [digest(`${address}\n${account}`), digest(account)];
}

function digest(text: string): string {
  return hash('sha256', text, 'base64').slice(0, 22);
}
