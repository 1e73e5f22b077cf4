/** Up to here bytes lie in memory that garbage collection frees: most messages end before, and it costs least. */
const small = 16 * 1024;
const first = 4_096;
/** By how much those in pages grow. */
const step = 16 * 1024;

/**
 * Bytes in one piece of memory: kept as they came, a body in pieces of one byte would take a hundred times its size. Large ones lie in pages of their own,
 * which grow where they are and go back to the system at once: freed by garbage collection, each size that they grew through would stay for a while.
 */
export class GrowingBytes {
  readonly #most: number;
  #bytes = new Uint8Array(0);
  #pages: ArrayBuffer | undefined;
  length = 0;

  /** @param most bytes that it will have */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns by how much more memory it takes; undefined: there is none */
  add(chunk: Uint8Array): number | undefined {
    const before = this.#bytes.length;
    const needed = this.length + chunk.length;
    if (needed > before && !this.#grows(needed)) return undefined;
    this.#bytes.set(chunk, this.length);
    this.length = needed;
    return this.#bytes.length - before;
  }

  /** The bytes, in memory that is theirs; nothing is kept here. */
  taken(): Uint8Array {
    const bytes = this.#pages === undefined ? this.#bytes.subarray(0, this.length) : Buffer.from(this.#bytes.subarray(0, this.length));
    this.release();
    return bytes;
  }

  /** Gives the memory back. */
  release(): void {
    this.#pages?.resize(0);
    this.#pages = undefined;
    this.#bytes = new Uint8Array(0);
    this.length = 0;
  }

  #grows(needed: number): boolean {
    try {
      this.#growTo(needed);
      return true;
    } catch (error) {
      // On a machine of 32 bits there may be no place for one more, even if there is memory.
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #growTo(needed: number): void {
    if (needed > small) this.#growPages(needed);
    else this.#moveTo(Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.#most, Math.max(first, 2 * this.#bytes.length)))));
  }

  #growPages(needed: number): void {
    const size = Math.min(this.#most, Math.ceil(needed / step) * step);
    if (this.#pages !== undefined) return this.#pages.resize(size);
    const pages = new ArrayBuffer(size, { maxByteLength: this.#most });
    this.#moveTo(new Uint8Array(pages));
    this.#pages = pages;
  }

  #moveTo(grown: Uint8Array<ArrayBuffer>): void {
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
