/** Lets one at a time in for each key, in the order in which they asked. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    const leave = () => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
    const tail = mine.then(leave, leave);
    this.#tails.set(key, tail);
    return mine;
  }

  /** Whether somebody is in for the key. */
  isTaken(key: string): boolean {
    return this.#tails.has(key);
  }
}
