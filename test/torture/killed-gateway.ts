import { setTimeout as pause } from 'node:timers/promises';
import type SqliteDatabase from 'better-sqlite3';
import type { Site } from '../e2e/site.js';

/** Milliseconds that it runs before its end: a few sessions long, on this machine as busy as it is. */
const leastLongest = 400;
const mostLongest = 2_500;
const sessionsLong = 6;
/** One in so many, and after it again, is followed by an end while the gateway starts. */
const startBroken = 3;

/** The real gateway, ended by SIGKILL at random moments while it works and while it starts. */
export class KilledGateway {
  /** What `quick_check` said of the database after a kill, if not `ok`. */
  readonly unsound: string[] = [];
  /** What somebody who looked at the database after a kill found missing. */
  readonly lost: string[] = [];
  /** Of the kills, those during a start. */
  whileStarting = 0;
  readonly #site: Site;
  readonly #below: (end: number) => number;
  readonly #looks: ((database: SqliteDatabase.Database) => readonly string[])[] = [];
  /** Milliseconds that a start has taken. */
  #start = leastLongest;
  #longest = leastLongest;
  #back: Promise<void> = Promise.resolve();

  constructor(site: Site, below: (end: number) => number) {
    this.#site = site;
    this.#below = below;
  }

  /** Resolves when it is there again. */
  get back(): Promise<void> {
    return this.#back;
  }

  /** Says how many milliseconds a session takes. */
  paceBy(session: number): void {
    this.#longest = Math.min(mostLongest, Math.max(this.#longest, sessionsLong * session));
  }

  /** Looks at the database after each kill. @param look what is not there, and ought to be */
  whenDown(look: (database: SqliteDatabase.Database) => readonly string[]): void {
    this.#looks.push(look);
  }

  /** Kills it once at least. @returns how often */
  async killAndStart(most: number): Promise<number> {
    // Nothing is waited for here: this is the random moment.
    await pause(this.#below(this.#longest));
    let started = () => {};
    this.#back = new Promise((resolve) => {
      started = resolve;
    });
    await this.#site.gateway.kill();
    this.#look();
    let kills = 1;
    for (; kills < most && this.#below(startBroken) === 0; kills += 1) {
      await this.#site.breakGatewayStart(this.#below(this.#start));
      this.#look();
      this.whileStarting += 1;
    }
    const begin = performance.now();
    await this.#site.startGateway();
    this.#start = performance.now() - begin;
    started();
    return kills;
  }

  #look(): void {
    this.#site.readDatabase((database) => {
      const check = String(database.pragma('quick_check', { simple: true }));
      if (check !== 'ok') this.unsound.push(check);
      for (const look of this.#looks) this.lost.push(...look(database));
    });
  }
}
