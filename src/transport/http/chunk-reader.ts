/** Size lines and trailers that nobody needs; all of them together, in bytes. */
const mostOfALine = 1024;
const mostOfTrailers = 8 * 1024;

/** Takes the chunks of a body apart. @see RFC 9112 § 7.1 */
export class ChunkReader {
  readonly #deliver: (data: Buffer) => void;
  /** What stands next: a line with a size, data, the line's end behind data, lines of trailers, or nothing. */
  #next: 'size' | 'data' | 'boundary' | 'trailer' | 'nothing' = 'size';
  #left = 0;
  #line = '';
  #trailers = 0;

  constructor(deliver: (data: Buffer) => void) {
    this.#deliver = deliver;
  }

  /** Whether the last chunk and its trailers are through. */
  get isDone(): boolean {
    return this.#next === 'nothing';
  }

  /** How many of the bytes were the body's, or why they cannot be. */
  read(bytes: Buffer): number | string {
    let at = 0;
    while (at < bytes.length && !this.isDone) {
      if (this.#next === 'data') {
        at = this.#readData(bytes, at);
        continue;
      }
      const end = bytes.indexOf(lineFeed, at);
      this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end + 1);
      at = end < 0 ? bytes.length : end + 1;
      if (this.#line.length > mostOfALine) return 'a line between the chunks of the answer is too long';
      const odd = end < 0 ? undefined : this.#readLine();
      if (odd !== undefined) return odd;
    }
    return at;
  }

  #readData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#next = 'boundary';
    this.#deliver(bytes.subarray(at, end));
    return end;
  }

  #readLine(): string | undefined {
    const line = this.#line;
    this.#line = '';
    if (!line.endsWith('\r\n')) return 'a line between the chunks of the answer has no end';
    if (this.#next === 'size') return this.#readSize(line);
    if (this.#next === 'trailer') return this.#readTrailer(line);
    this.#next = 'size';
    return line === '\r\n' ? undefined : 'a chunk of the answer is longer than its size';
  }

  #readSize(line: string): string | undefined {
    const size = sizeLine.exec(line)?.[1];
    if (size === undefined) return 'a chunk of the answer has no size';
    this.#left = Number.parseInt(size, 16);
    this.#next = this.#left === 0 ? 'trailer' : 'data';
    return undefined;
  }

  #readTrailer(line: string): string | undefined {
    this.#trailers += line.length;
    if (line === '\r\n') this.#next = 'nothing';
    return this.#trailers > mostOfTrailers ? 'the trailers of the answer are too long' : undefined;
  }
}

const lineFeed = 0x0a;
const sizeLine = /^([0-9A-Fa-f]{1,8})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/;
