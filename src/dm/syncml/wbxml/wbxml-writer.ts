import { type Tag, tagsPerPage } from './code-pages.js';
import { globalToken, tagBits } from './wbxml-tokens.js';

const initialSize = 4096;

/** Bytes that grow, with the code page that they are at. */
export class WbxmlWriter {
  #bytes = Buffer.allocUnsafe(initialSize);
  #at = 0;
  #page = 0;

  /** What was written. */
  take(): Uint8Array {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  /** Opens an element with content; `close` ends it. */
  open(tag: Tag): void {
    this.#tag(tag, tagBits.content);
  }

  empty(tag: Tag): void {
    this.#tag(tag, 0);
  }

  close(): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = globalToken.end;
  }

  /** A string in its place. The text holds no NUL. */
  inlineString(text: string): void {
    this.#reserve(text.length * 3 + 2);
    this.#bytes[this.#at++] = globalToken.inlineString;
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at++] = 0;
  }

  opaque(content: Uint8Array): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = globalToken.opaque;
    this.number(content.length);
    this.bytes(content);
  }

  /** A number in groups of seven bits. */
  number(value: number): void {
    this.#reserve(5);
    for (let shift = 28; shift > 0; shift -= 7) {
      if (value >= 2 ** shift) this.#bytes[this.#at++] = 0x80 | ((value >>> shift) & 0x7f);
    }
    this.#bytes[this.#at++] = value & 0x7f;
  }

  bytes(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#bytes.set(content, this.#at);
    this.#at += content.length;
  }

  #tag(tag: Tag, content: number): void {
    this.#reserve(3);
    const page = Math.floor(tag / tagsPerPage);
    if (page !== this.#page) {
      this.#bytes[this.#at++] = globalToken.switchPage;
      this.#bytes[this.#at++] = page;
      this.#page = page;
    }
    this.#bytes[this.#at++] = (tag % tagsPerPage) | content;
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
