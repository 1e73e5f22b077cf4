import { isPosternError, type Log } from '#src/base/index.js';

/** Rows that are named at most; the log names all. */
const mostNamed = 100;

/**
 * Rows whose content cannot be understood: a sealed secret that does not open, JSON that is none. Each is left out as if it were not there,
 * so that it does not stop the others, and is named once in the log and for as long as it is unreadable in {@link names}.
 */
export class UnreadableRows {
  readonly #log: Log;
  readonly #names = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Such as `account gateway operator`: the table and the key. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** What `read` makes of a row; undefined if it cannot. */
  attempt<T>(table: string, key: readonly string[], read: () => T): T | undefined {
    const name = [table, ...key].join(' ');
    try {
      const made = read();
      this.#names.delete(name);
      return made;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.#tell(name, error);
      return undefined;
    }
  }

  #tell(name: string, error: Error): void {
    if (this.#names.has(name) || this.#names.size >= mostNamed) return;
    this.#names.add(name);
    this.#log.error({ row: name, why: error.message }, 'a row of the database cannot be read and is left out');
  }
}

/** The key itself was proved when the database was opened: what names another one is damaged too. */
function isUnreadable(error: unknown): error is Error {
  return error instanceof SyntaxError || isPosternError(error, 'security.sealed-damaged') || isPosternError(error, 'security.wrong-key');
}
