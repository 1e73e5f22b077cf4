import { type Clock, isPosternError, type Log, type Milliseconds, type PosternError, type Timer } from '#src/base/index.js';
import { freeRoom, leastRoom } from './free-room.js';

export interface MendingParts {
  readonly database: { readonly failure: PosternError | undefined; tryToWrite(): Promise<void> };
  /** What is on the same disk. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes free, as the file system says unless given. */
  readonly room?: () => number;
}

/** Tries to write now and then while the database fails: otherwise nobody would know that it is well again until somebody has to write. */
export class Mending {
  readonly #parts: MendingParts;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: MendingParts) {
    this.#parts = parts;
  }

  /** The database has failed. */
  begin(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    this.#timer = this.#parts.clock.timer('store-mending', between, () => {
      this.#timer = undefined;
      void this.#look();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { database, log } = this.#parts;
    const { failure } = database;
    if (failure === undefined || failure.code === 'store.damaged') return;
    if (this.#isWorthIt(failure)) await this.#try();
    if (this.#parts.database.failure !== undefined) this.begin();
    else log.info({ code: failure.code }, 'the database can be written again');
  }

  /** A page may still find room in files that are there; what comes next would not. */
  #isWorthIt(failure: PosternError): boolean {
    const room = this.#parts.room ?? (() => freeRoom(this.#parts.directory));
    return failure.code !== 'store.full' || room() >= leastRoom;
  }

  async #try(): Promise<void> {
    try {
      await this.#parts.database.tryToWrite();
    } catch (error) {
      // It says so itself: that is the failure which is still there.
      if (!isPosternError(error)) throw error;
    }
  }
}

const between: Milliseconds = 2_000;
