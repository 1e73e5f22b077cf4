import { fullJitter, type Milliseconds } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { isStoreFailure } from '../store-failure.js';
import { aboutServer, hostOf, nameOf, type Place, serverOf } from './place.js';

/** What the last exchange of a session says of its DM server: it is there, or there was no answer to be had. */
export type Reach =
  | { readonly answered: true }
  | {
      readonly answered: false;
      readonly detail: string;
      /** How long it wants to be left alone. */
      readonly retryAfter?: Milliseconds;
    };

/** How many DM servers do not answer now. */
export interface ServersAway {
  /** Nothing is tried with them before their time. */
  readonly waiting: number;
  /** Their time has come: one session tries. */
  readonly tried: number;
}

/** A DM server that does not answer now. Times in milliseconds since 1970. */
export interface ServerAway {
  readonly serverId: string;
  /** Scheme, host and port. */
  readonly address: string;
  readonly since: Milliseconds;
  /** Nothing but a device's own session or a sign of life tries it before; absent: it is tried as soon as anything waits for it. */
  readonly nextTry?: Milliseconds;
  /** What the last try met. */
  readonly detail: string;
}

/** A server that did not answer, since it last did. Monotonic times. */
interface Silence {
  /** Whose session met it last. */
  place: Place;
  detail: string;
  readonly since: Milliseconds;
  /** When it was last found silent. */
  lastTry: Milliseconds;
  /** It has sent a trigger again since then. */
  wasHeard: boolean;
  /** It has asked to be left alone for so long. */
  askedUntil: Milliseconds;
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

/** How long after its return, and after the last that waited for it, a server may still meet everybody at once. */
const settling: Milliseconds = 60_000;

type OutageParts = Pick<Environment, 'clock' | 'entropy' | 'log' | 'settings' | 'store'>;

/**
 * Who need not be asked now. An account whose session failed waits, each time a random part of a growing time. A server that answers nobody is
 * tried by one account at a time, and one answer, in whosesoever session, lets all go that waited for it. In memory only: a restart may well begin anew.
 */
export class ServerOutages {
  readonly #env: OutageParts;
  readonly #silences = new Map<string, Silence>();
  readonly #rests = new Map<string, Rest>();
  /** Servers that have come back, and until when all that comes is theirs at once: monotonic. */
  readonly #back = new Map<string, Milliseconds>();

  constructor(env: OutageParts) {
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
    const away = this.list();
    const tried = away.filter(({ nextTry }) => nextTry === undefined).length;
    return { waiting: away.length - tried, tried };
  }

  /** Servers that are away, those that are longest first. */
  list(): ServerAway[] {
    try {
      this.#forgetFormer();
    } catch (error) {
      // Who asks how the gateway is has to hear it above all then.
      if (!isStoreFailure(error)) throw error;
    }
    return [...this.#silences.values()].filter(isOutage).map((silence) => this.#describe(silence));
  }

  /** Whether there is none that {@link isUnsteady}, as far as that costs nothing to say. */
  get areAllSteady(): boolean {
    return this.#silences.size === 0 && this.#back.size === 0;
  }

  /** Whether a server is away, or has come back only just: who comes by himself would come with everybody else. */
  isUnsteady(place: Place): boolean {
    const server = serverOf(place);
    const silence = this.#silences.get(server);
    if (silence !== undefined && isOutage(silence)) return true;
    const until = this.#back.get(server);
    if (until === undefined || until > this.#env.clock.monotonic()) return until !== undefined;
    this.#back.delete(server);
    return false;
  }

  /** Some are still to come until then. @param until monotonic */
  staysUnsteady(place: Place, until: Milliseconds): void {
    const server = serverOf(place);
    this.#back.set(server, Math.max(this.#back.get(server) ?? 0, until + settling));
  }

  /** Hears what a session has shown, whoever opened it. */
  heard(place: Place, reach: Reach): void {
    if (!reach.answered) return this.#silent(place, reach);
    const server = serverOf(place);
    const silence = this.#silences.get(server);
    this.#silences.delete(server);
    if (silence === undefined || !isOutage(silence)) return;
    for (const [name, rest] of this.#rests) if (rest.server === server) this.#rests.delete(name);
    this.staysUnsteady(place, this.#env.clock.monotonic());
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

  /** A trigger of the server's has proved itself: it is there, or was when it sent that, and may be tried at once. */
  wanted(place: Place): void {
    this.forget(place);
    const silence = this.#silences.get(serverOf(place));
    if (silence !== undefined) this.#tryFrom(silence, this.#env.clock.monotonic());
  }

  /**
   * The server has sent a trigger again, or somebody has who recorded it: one such is heard between two tries, it hurries none that the server has
   * asked to put off, and they stay as far apart as they are at first. @returns whether it changes anything
   */
  wantedAgain(place: Place): boolean {
    const silence = this.#silences.get(serverOf(place));
    if (silence === undefined || silence.wasHeard) return false;
    silence.wasHeard = true;
    this.#tryFrom(silence, Math.max(silence.askedUntil, silence.lastTry + this.#env.settings.retry.first));
    return true;
  }

  #tryFrom(silence: Silence, time: Milliseconds): void {
    const server = serverOf(silence.place);
    silence.until = Math.min(silence.until, time);
    for (const [name, rest] of this.#rests) {
      if (rest.server === server && rest.until > time) this.#rests.set(name, { ...rest, until: time });
    }
  }

  #describe(silence: Silence): ServerAway {
    const { clock } = this.#env;
    const { place, detail, since, until, isShared } = silence;
    const rest = isShared ? undefined : this.#rests.get(nameOf(place));
    const wait = this.#until(Math.max(until, rest?.until ?? 0));
    const next = wait > 0 ? { nextTry: clock.now() + wait } : {};
    return { ...aboutServer(place), since: clock.now() - (clock.monotonic() - since), ...next, detail };
  }

  /** Of a server whose accounts are gone nobody hears any more. */
  #forgetFormer(): void {
    for (const [server, { place }] of this.#silences) {
      const addresses = this.#env.store.accounts.addresses(place.owner);
      if (!addresses.some((address) => hostOf(address) === hostOf(place.address))) this.#silences.delete(server);
    }
  }

  #until(time: Milliseconds = 0): Milliseconds {
    return Math.max(0, time - this.#env.clock.monotonic());
  }

  #silent(place: Place, { detail, retryAfter }: Extract<Reach, { answered: false }>): void {
    const now = this.#env.clock.monotonic();
    const silence = this.#silences.get(serverOf(place)) ?? newSilence(place, now);
    const wasOutage = isOutage(silence);
    if (now >= silence.until) this.#nextRound(silence, now);
    if (retryAfter !== undefined) this.#leaveAlone(silence, now + retryAfter);
    silence.isShared ||= retryAfter !== undefined || silence.place.owner !== place.owner;
    this.#silences.set(serverOf(place), Object.assign(silence, { place, detail, lastTry: now, wasHeard: false }));
    if (!wasOutage && isOutage(silence)) this.#env.log.warn({ ...aboutServer(place), detail }, 'a DM server does not answer');
  }

  #nextRound(silence: Silence, now: Milliseconds): void {
    silence.until = now + 1 + this.#jitter(silence);
    silence.rounds += 1;
  }

  #leaveAlone(silence: Silence, until: Milliseconds): void {
    silence.askedUntil = until;
    silence.until = Math.max(silence.until, until + this.#jitter(silence));
  }

  #jitter({ rounds }: Silence): Milliseconds {
    return fullJitter(this.#env.settings.retry, rounds, this.#env.entropy);
  }
}

/** One failure of one account may be its own. */
function isOutage({ isShared, rounds }: Silence): boolean {
  return isShared || rounds > 1;
}

function newSilence(place: Place, now: Milliseconds): Silence {
  const times = { since: now, lastTry: now, askedUntil: now, until: now };
  return { place, detail: '', ...times, wasHeard: false, rounds: 0, isShared: false };
}
