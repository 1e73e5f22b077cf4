/** The last lines of a log in a fixed piece of memory: the oldest make room. */
export class RecentLines {
  readonly #memory: Buffer;
  /** Where the next line goes; behind it, up to the end, are lines of the round before. */
  #at = 0;
  #end = 0;

  /** @param bytes all that it ever holds; pages that nothing was written to cost nothing */
  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(bytes);
  }

  /** Takes a line with its line end. One that is larger than a quarter of the memory is left out: it would push out too many others. */
  push(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (bytes > this.#memory.length / 4) return;
    if (this.#at + bytes > this.#memory.length) {
      this.#end = this.#at;
      this.#at = 0;
    }
    this.#memory.write(line, this.#at);
    this.#at += bytes;
    this.#end = Math.max(this.#end, this.#at);
  }

  /** The lines that are whole, the oldest first, without their line ends. */
  read(): string[] {
    const older = this.#memory.toString('utf8', this.#at, this.#end).split('\n').slice(1);
    const newer = this.#memory.toString('utf8', 0, this.#at).split('\n');
    return [...older, ...newer].filter((line) => line !== '');
  }
}
