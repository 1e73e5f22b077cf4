import type { Milliseconds, Timer } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { runOwnSession } from '../own/own-session.js';
import type { OwnDescription } from '../own/own-tree.js';
import { type Account, gatewayOwner } from '../ports.js';
import { runAbsentSession } from './absent-session.js';
import type { NorthEnd } from './north-session.js';
import type { NorthSessions } from './north-sessions.js';
import { nameOf, type Place, serverOf } from './place.js';
import type { ReturningDevices } from './returning-devices.js';
import type { ServerOutages } from './server-outages.js';
import type { StartRate } from './start-rate.js';

/** Sessions at once with one server, and with all. */
const mostOfServer = 16;
const mostAtOnce = 64;
/** How long nothing is sent after a failure of our own. */
const afterFailure = 5_000;

export interface DepartureParts {
  readonly env: Environment;
  readonly north: NorthSessions;
  readonly outages: ServerOutages;
  readonly rate: StartRate;
  /** Who has a turn before each of these. */
  readonly returning: Pick<ReturningDevices, 'areWaiting' | 'startOne' | 'stop'>;
  readonly description: OwnDescription;
}

/** A session that is to be opened, not before a time in milliseconds since 1970. */
interface Departure extends Place {
  readonly nextAt: Milliseconds;
}

/** Who goes next; if nobody may now, how long until somebody may: for ever, unless a session ends. */
interface Choice {
  readonly next?: Departure;
  readonly delay: Milliseconds;
}

/**
 * Opens the sessions that no device opens, all under one rate: the gateway's own, for its reports and for servers that ask by a trigger, and those
 * in the name of a device that is not there, for its alerts. Servers take turns; of one server's, those that wait longest are first.
 */
export class Departures {
  readonly #parts: DepartureParts;
  /** By account. */
  readonly #running = new Map<string, { readonly server: string; readonly over: Promise<void> }>();
  /** When each server had its last turn, counted in starts. */
  readonly #turns = new Map<string, number>();
  #starts = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
  }

  /** Looks who may go, now and whenever something has changed. */
  wake(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped) return;
    const { rate, returning } = this.#parts;
    // Whoever could not go anyway is not looked for: with thousands waiting that costs.
    const lines = rate.wait > 0 ? new Map<string, Departure[]>() : this.#lines();
    while (rate.wait === 0) {
      // A device that waits in its session and one of these take turns.
      const hasDevice = returning.startOne();
      const { next, delay } = this.#next(lines);
      if (next !== undefined) this.#start(next);
      else if (!hasDevice) return this.#lookAgain(delay);
    }
    // When too many run, the end of one looks again.
    if (this.#running.size < mostAtOnce || returning.areWaiting) this.#lookAgain(rate.wait);
  }

  /** Starts nothing more and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#parts.returning.stop();
    await Promise.all([...this.#running.values()].map(({ over }) => over));
  }

  /** Who waits, in a line for each server: what it wants itself, then what waits for it, the oldest first. */
  #lines(): ReadonlyMap<string, readonly Departure[]> {
    const { triggers, store } = this.#parts.env;
    const wanted = triggers?.wanting(gatewayOwner) ?? [];
    const asked = wanted.map((serverId) => ({ ...this.#ownPlace(serverId), nextAt: 0 }));
    const reports = store.outbox.due().filter(({ owner, serverId }) => owner !== gatewayOwner || !wanted.includes(serverId));
    const lines = new Map<string, Departure[]>();
    for (const departure of [...asked, ...reports]) {
      const line = lines.get(serverOf(departure));
      if (line === undefined) lines.set(serverOf(departure), [departure]);
      else line.push(departure);
    }
    return lines;
  }

  #ownPlace(serverId: string): Place {
    return { owner: gatewayOwner, serverId, address: this.#parts.env.store.accounts.get(gatewayOwner, serverId)?.address ?? '' };
  }

  #next(lines: ReadonlyMap<string, readonly Departure[]>): Choice {
    const hasRoom = this.#parts.rate.wait === 0 && this.#running.size < mostAtOnce;
    return hasRoom ? this.#choose(lines) : { delay: Number.POSITIVE_INFINITY };
  }

  /** The first of the server whose last turn is longest ago. */
  #choose(lines: ReadonlyMap<string, readonly Departure[]>): Choice {
    const turn = (server: string) => this.#turns.get(server) ?? 0;
    let delay = Number.POSITIVE_INFINITY;
    for (const [server, line] of [...lines].toSorted(([a], [b]) => turn(a) - turn(b))) {
      const choice = this.#first(server, line);
      if (choice.next !== undefined) return choice;
      delay = Math.min(delay, choice.delay);
    }
    return { delay };
  }

  /** The first in line at one server; one that is away is tried by one session at a time. */
  #first(server: string, line: readonly Departure[]): Choice {
    const away = this.#parts.outages.away(server);
    const running = [...this.#running.values()].filter((one) => one.server === server).length;
    if (running >= (away === undefined ? mostOfServer : 1)) return { delay: Number.POSITIVE_INFINITY };
    if (away !== undefined && away > 0) return { delay: away };
    let delay = Number.POSITIVE_INFINITY;
    for (const departure of line) {
      const wait = this.#delay(departure);
      if (wait <= 0) return { next: departure, delay: 0 };
      delay = Math.min(delay, wait);
    }
    return { delay };
  }

  /** Infinite while a session is open at the account, which may carry what waits. */
  #delay(departure: Departure): Milliseconds {
    const { env, north, outages } = this.#parts;
    if (this.#running.has(nameOf(departure)) || north.isBusy(departure)) return Number.POSITIVE_INFINITY;
    return Math.max(departure.nextAt - env.clock.now(), outages.rests(departure));
  }

  #lookAgain(delay: Milliseconds): void {
    if (this.#stopped || delay === Number.POSITIVE_INFINITY) return;
    // A timer's delay has 31 bits; whoever has to wait longer looks again.
    this.#timer = this.#parts.env.clock.timer('departures', Math.min(Math.max(delay, 1), 2 ** 31 - 1), () => this.wake());
  }

  #start(place: Place): void {
    this.#parts.rate.count();
    this.#starts += 1;
    const server = serverOf(place);
    this.#turns.set(server, this.#starts);
    const over = this.#run(place)
      .then(
        () => true,
        (error: unknown) =>
          this.#parts.env.log.error({ owner: place.owner, serverId: place.serverId, err: error }, 'a session of our own failed'),
      )
      .then((went) => {
        this.#running.delete(nameOf(place));
        if (went) this.wake();
        else this.#pause();
      });
    this.#running.set(nameOf(place), { server, over });
  }

  /** What failed here, on a full disk say, would fail again at once. */
  #pause(): void {
    this.#timer?.cancel();
    this.#lookAgain(afterFailure);
  }

  async #run(place: Place): Promise<void> {
    const { env, outages } = this.#parts;
    const account = env.store.accounts.get(place.owner, place.serverId);
    // An account that is there and cannot be read may be repaired: what waits for it is kept.
    if (account === undefined && env.store.accounts.has(place.owner, place.serverId)) return outages.rest(place);
    if (account === undefined) return this.#drop(place);
    const askedFor = this.#askedFor(account);
    const end = await this.#session(account, askedFor);
    const isOver = askedFor === undefined || this.#askedFor(account) !== askedFor;
    if (isOver && (end?.reason === 'complete' || end?.reason === 'aborted')) outages.forget(account);
    else outages.rest(account);
  }

  /** A device's server that asks for the device is answered by the device. */
  #askedFor({ owner, serverId }: Account): string | undefined {
    return owner === gatewayOwner ? this.#parts.env.triggers?.sessionId(owner, serverId) : undefined;
  }

  /** @returns undefined when there can be none now */
  async #session(account: Account, askedFor: string | undefined): Promise<NorthEnd | undefined> {
    const { env, north, description } = this.#parts;
    if (account.owner === gatewayOwner) return runOwnSession(env, north, description, account, askedFor);
    const device = env.store.inventory.get(account.owner);
    // Its record cannot be read, or nothing of it is told before it is admitted.
    if (device === undefined || device.presence === 'quarantined') return undefined;
    return runAbsentSession(env, north, account, device);
  }

  #drop(place: Place): void {
    const { clock, log, store } = this.#parts.env;
    const { owner, serverId } = place;
    for (const entry of store.outbox.pending(owner, serverId)) store.outbox.settle(entry.id, 'expired', clock.now());
    this.#parts.outages.forget(place);
    log.warn({ owner, serverId }, 'reports were dropped because their account is gone');
  }
}
