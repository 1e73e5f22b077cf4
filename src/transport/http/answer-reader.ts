import { type AnswerHead, readAnswerHead } from './answer-head.js';
import { ChunkReader } from './chunk-reader.js';

/** Who gets an answer, part by part. */
export interface AnswerSink {
  head(head: AnswerHead): void;
  /** A part of the body, as it came. @param last nothing follows; the end may also come alone, without bytes */
  body(bytes: Buffer | undefined, last: boolean): void;
}

/** The longest head of an answer in bytes. */
const maxHeaderBytes = 16 * 1024;
/** Answers before the answer, such as 100. */
const mostInterim = 8;

/**
 * Tells where the answers of one connection begin and end. Whatever stands outside of an answer that is due is an oddity, and so is what
 * two readers could understand differently. Interim answers are passed over: we have answered an expectation ourselves.
 * @see RFC 9112 § 6.3, RFC 9110 § 15.2
 */
export class AnswerReader {
  readonly #sink: AnswerSink;
  #next: 'nothing' | 'head' | 'counted' | 'chunks' | 'rest' = 'nothing';
  #method = '';
  #partial: Buffer = nothing;
  #interim = 0;
  #left = 0;
  #chunks: ChunkReader | undefined;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** An answer is due from now on. @param method what was asked */
  expect(method: string): void {
    this.#next = 'head';
    this.#method = method;
    this.#interim = 0;
  }

  /** Takes what has come. @returns why nothing more can be read from this connection */
  push(bytes: Buffer): string | undefined {
    for (let at = 0; at < bytes.length; ) {
      const taken = this.#take(at === 0 ? bytes : bytes.subarray(at));
      if (typeof taken === 'string') return taken;
      at += taken;
    }
    return undefined;
  }

  /** The server says no more. @returns why an answer is missing something; undefined also where none was due */
  finish(): string | undefined {
    if (this.#next === 'nothing') return undefined;
    if (this.#next !== 'rest') return 'the server closed the connection';
    this.#end(undefined);
    return undefined;
  }

  #take(bytes: Buffer): number | string {
    switch (this.#next) {
      case 'nothing':
        return 'the server says what nobody asked for';
      case 'head':
        return this.#takeHead(bytes);
      case 'counted':
        return this.#takeCounted(bytes);
      case 'chunks':
        return this.#takeChunks(bytes);
      case 'rest':
        this.#sink.body(bytes, false);
        return bytes.length;
    }
  }

  #takeHead(bytes: Buffer): number | string {
    const before = this.#partial.length;
    const all = before === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    const end = all.indexOf('\r\n\r\n');
    if ((end < 0 ? all.length : end) > maxHeaderBytes) return 'the head of the answer is too long';
    this.#partial = end < 0 ? all : nothing;
    if (end < 0) return beginsWell(all) ? bytes.length : 'the server speaks no HTTP';
    const odd = this.#begin(all.toString('latin1', 0, end));
    return odd ?? end + 4 - before;
  }

  #begin(text: string): string | undefined {
    const head = readAnswerHead(text, this.#method);
    if ('odd' in head) return head.odd;
    if (head.status < 200) return this.#passOver(head);
    this.#sink.head(head);
    if (head.length === 0) this.#end(undefined);
    else this.#await(head.length);
    return undefined;
  }

  #passOver({ status }: AnswerHead): string | undefined {
    this.#interim += 1;
    return status === 101 || this.#interim > mostInterim ? `the answer has the status ${status}` : undefined;
  }

  #await(length: AnswerHead['length']): void {
    this.#next = length === 'close' ? 'rest' : length === 'chunked' ? 'chunks' : 'counted';
    if (length === 'chunked') this.#chunks = new ChunkReader((data) => this.#sink.body(data, false));
    else if (length !== 'close') this.#left = length;
  }

  #takeCounted(bytes: Buffer): number {
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= part.length;
    if (this.#left === 0) this.#end(part);
    else this.#sink.body(part, false);
    return part.length;
  }

  #takeChunks(bytes: Buffer): number | string {
    const taken = this.#chunks?.read(bytes) ?? 0;
    if (this.#chunks?.isDone) this.#end(undefined);
    return taken;
  }

  #end(last: Buffer | undefined): void {
    this.#next = 'nothing';
    this.#chunks = undefined;
    this.#sink.body(last, true);
  }
}

const nothing = Buffer.alloc(0);
const beginning = Buffer.from('HTTP/1.', 'latin1');

/** Whoever speaks something else may never send the end of a head. */
function beginsWell(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, beginning.length);
  return bytes.compare(beginning, 0, length, 0, length) === 0;
}
