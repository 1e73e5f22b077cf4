import { fullJitter, type Milliseconds } from '#src/base/index.js';
import type { Environment } from './environment.js';
import type { Account } from './ports.js';

/** What the last exchange of a session says of its DM server: it is there, or there was no answer to be had. */
export type Reach =
  | { readonly answered: true }
  | {
      readonly answered: false;
      readonly detail: string;
      /** How long it wants to be left alone. */
      readonly retryAfter?: Milliseconds;
    };

/** An account as far as its server matters. The address is empty where the account is gone. */
export type Place = Pick<Account, 'owner' | 'serverId' | 'address'>;

/** DM servers that do not answer now. */
export interface ServersAway {
  /** Nothing is tried with them before their time. */
  readonly waiting: number;
  /** Their time has come: one session tries. */
  readonly tried: number;
}

/** A server that did not answer, since it last did. Monotonic times. */
interface Silence {
  /** Whose session met it first. */
  readonly owner: string;
  readonly since: Milliseconds;
  /** Failures in a row, those within one wait counted once. */
  rounds: number;
  /** Nobody tries before. */
  until: Milliseconds;
  /** It is not one account alone, or the server has asked for it: all accounts wait. */
  isShared: boolean;
}

/** An account whose sessions fail. */
interface Rest {
  readonly failures: number;
  readonly until: Milliseconds;
  /** The server whose silence it was; undefined: something else was wrong. */
  readonly server: string | undefined;
}

/**
 * Who need not be asked now. An account whose session failed waits, each time a random part of a growing time. A server that answers nobody is
 * tried by one account at a time, and one answer, in whosesoever session, lets all go that waited for it. In memory only: a restart may well begin anew.
 */
export class ServerOutages {
  readonly #env: Pick<Environment, 'clock' | 'entropy' | 'log' | 'settings'>;
  readonly #silences = new Map<string, Silence>();
  readonly #rests = new Map<string, Rest>();

  constructor(env: Pick<Environment, 'clock' | 'entropy' | 'log' | 'settings'>) {
    this.#env = env;
  }

  /** How long an account has to wait for itself; 0: a session may begin, if its server may be asked. */
  rests(place: Place): Milliseconds {
    return this.#until(this.#rests.get(nameOf(place))?.until);
  }

  /** How long all accounts at a server have to wait; 0: one may try. @param server see {@link serverOf} @returns undefined when it is not away */
  away(server: string): Milliseconds | undefined {
    const silence = this.#silences.get(server);
    return silence?.isShared ? this.#until(silence.until) : undefined;
  }

  get serversAway(): ServersAway {
    const now = this.#env.clock.monotonic();
    const away = [...this.#silences.values()].filter(isOutage);
    const tried = away.filter(({ until }) => until <= now).length;
    return { waiting: away.length - tried, tried };
  }

  /** Hears what a session has shown, whoever opened it. */
  heard(place: Place, reach: Reach): void {
    if (!reach.answered) return this.#silent(place, reach);
    const server = serverOf(place);
    const silence = this.#silences.get(server);
    this.#silences.delete(server);
    if (silence === undefined || !isOutage(silence)) return;
    for (const [name, rest] of this.#rests) if (rest.server === server) this.#rests.delete(name);
    const seconds = Math.round((this.#env.clock.monotonic() - silence.since) / 1_000);
    this.#env.log.info({ ...aboutServer(place), seconds }, 'a DM server answers again');
  }

  /** A session with the account has failed, be it for its server's silence. */
  rest(place: Place): void {
    const { clock, entropy, settings } = this.#env;
    const server = serverOf(place);
    const failures = this.#rests.get(nameOf(place))?.failures ?? 0;
    const until = clock.monotonic() + 1 + fullJitter(settings.retry, failures, entropy);
    this.#rests.set(nameOf(place), { failures: failures + 1, until, server: this.#silences.has(server) ? server : undefined });
  }

  /** Its session went well, or nothing waits for it any more. */
  forget(place: Place): void {
    this.#rests.delete(nameOf(place));
  }

  /** The server wants a session with the account: it is there, or was when it said so. */
  wanted(place: Place): void {
    this.forget(place);
    const silence = this.#silences.get(serverOf(place));
    if (silence !== undefined) silence.until = this.#env.clock.monotonic();
  }

  #until(time: Milliseconds = 0): Milliseconds {
    return Math.max(0, time - this.#env.clock.monotonic());
  }

  #silent(place: Place, { detail, retryAfter }: Extract<Reach, { answered: false }>): void {
    const now = this.#env.clock.monotonic();
    const silence = this.#silences.get(serverOf(place)) ?? { owner: place.owner, since: now, rounds: 0, until: now, isShared: false };
    const wasOutage = isOutage(silence);
    if (now >= silence.until) this.#nextRound(silence, now);
    if (retryAfter !== undefined) silence.until = Math.max(silence.until, now + retryAfter + this.#jitter(silence));
    silence.isShared ||= retryAfter !== undefined || silence.owner !== place.owner;
    this.#silences.set(serverOf(place), silence);
    if (!wasOutage && isOutage(silence)) this.#env.log.warn({ ...aboutServer(place), detail }, 'a DM server does not answer');
  }

  #nextRound(silence: Silence, now: Milliseconds): void {
    silence.until = now + 1 + this.#jitter(silence);
    silence.rounds += 1;
  }

  #jitter({ rounds }: Silence): Milliseconds {
    return fullJitter(this.#env.settings.retry, rounds, this.#env.entropy);
  }
}

/** One failure of one account may be its own. */
function isOutage({ isShared, rounds }: Silence): boolean {
  return isShared || rounds > 1;
}

function nameOf({ owner, serverId }: Place): string {
  return `${owner}\n${serverId}`;
}

/** The same server for two accounts: the same id at the same host and port. */
export function serverOf({ serverId, address }: Place): string {
  return `${serverId}\n${hostOf(address)}`;
}

function aboutServer({ serverId, address }: Place): { readonly serverId: string; readonly address: string } {
  return { serverId, address: hostOf(address) };
}

/** Scheme, host and port. Read in thousands of addresses at a time, which were checked when they were declared. */
function hostOf(address: string): string {
  return /^[^/]*\/\/[^/?#]*/.exec(address)?.[0].toLowerCase() ?? '';
}
