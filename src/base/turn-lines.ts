/** Writes the lines of one turn of the event loop at its end in one call: under load each call costs as much as what it tells of. */
export class TurnLines {
  readonly #write: (text: string) => void;
  #waiting = '';

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Takes a line with its line end. */
  push(line: string): void {
    if (this.#waiting === '') setImmediate(() => this.flush());
    this.#waiting += line;
    if (this.#waiting.length > mostWaiting) this.flush();
  }

  /** Writes at once: nothing may come afterwards. */
  flush(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') this.#write(text);
  }
}

/** Characters that wait at most. */
const mostWaiting = 65_536;
