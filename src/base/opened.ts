type Close = () => Promise<void> | void;

/** What a start-up has opened so far, so that a start-up that fails leaves nothing open. */
export class Opened {
  readonly #closes: Close[] = [];

  /** Remembers how to close something. */
  add(close: Close): void {
    this.#closes.push(close);
  }

  /** Closes everything, the last first. */
  async closeAll(): Promise<void> {
    for (const close of this.#closes.splice(0).reverse()) await close();
  }

  /** Runs a start-up; if it fails, everything that it opened is closed before the failure goes on. */
  static async during<T>(start: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = new Opened();
    try {
      return await start(opened);
    } catch (error) {
      await opened.closeAll();
      throw error;
    }
  }
}
