import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/** Brings an open file to the disk and says when it is there; the thread goes on meanwhile. */
export type Sync = (descriptor: number, done: (error: Error | null) => void) => void;

/**
 * SQLite's write-ahead log, seen as the file that it is: SQLite appends what is committed, and here it is brought to the disk, for
 * which nobody but those who want to acknowledge something has to wait. What was appended while a sync is under way is not in it.
 */
export class WriteAheadLog {
  readonly #descriptor: number;
  readonly #sync: Sync;
  #syncing = false;
  #closed = false;

  /** @param database its path; the log lies beside it once it has been read, and as long as it is open */
  constructor(database: string, sync: Sync = fdatasync) {
    this.#descriptor = openSync(`${database}-wal`, 'r');
    this.#sync = sync;
  }

  get syncing(): boolean {
    return this.#syncing;
  }

  /** One at a time. @param done told when all that was committed before is on the disk, or why it may not be */
  sync(done: (error: Error | null) => void): void {
    this.#syncing = true;
    this.#sync(this.#descriptor, (error) => {
      this.#syncing = false;
      if (this.#closed) closeSync(this.#descriptor);
      done(error);
    });
  }

  /** The same for somebody who goes away and cannot be told. */
  syncNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  /** The file is let go of when nobody works on it. */
  close(): void {
    this.#closed = true;
    if (!this.#syncing) closeSync(this.#descriptor);
  }
}
