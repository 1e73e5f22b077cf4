import { isUtf8 } from 'node:buffer';
import { type ErrorCode, type ErrorDetails, PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import { TextPieces } from '../text-pieces.js';
import { forbiddenCharacter, isWhiteSpace, isXmlCodePoint, trimmed } from '../xml/xml-characters.js';
import { pageCount, type Tag, tagNames, tagsPerPage } from './code-pages.js';
import { type DocumentType, type Preamble, readPreamble } from './wbxml-preamble.js';
import { globalToken, tagBits } from './wbxml-tokens.js';

/** The readers recurse; this keeps them off the end of the stack whatever the limits say. */
const deepest = 512;
/** What a byte of a string is: 0 plain, or one of these. */
const [beyondAscii, forbiddenByte] = [1, 2];
const kinds = Uint8Array.from({ length: 0x100 }, (_, byte) => kindOf(byte));

/** What a message and the documents inside it may use up together. */
export interface Spending {
  readonly limits: DecodeLimits;
  /** Elements seen so far. */
  elements: number;
  /** Characters taken from string tables: each can be asked for again and again. */
  fromTables: number;
}

/** Bytes that may be text, binary or a document: what is around them decides. */
export class Opaque {
  /**
   * @param at where they stand in the message
   * @param depth how many elements are open around them
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly at: number,
    readonly depth: number,
  ) {}
}

/**
 * Walks a WBXML document tag by tag, within its bounds. Refused are PI, LITERAL, extensions, attributes, other character sets
 * and whatever XML could not carry. All methods raise PosternError `syncml.*`.
 *
 * @see WAP-192 WBXML 1.3 § 5
 */
export class WbxmlReader {
  /** Index of the next byte. */
  at = 0;
  /** Whether the tag that was opened last has content, and with it an END. */
  hasContent = false;
  /** What kind of document the header speaks of. */
  readonly document: DocumentType;

  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  /** The bytes as characters, so that plain strings are cut out and not decoded. */
  readonly #text: string;
  /** Its public id is a text that is read before all of it is known. */
  #preamble: Preamble = { document: 'unknown', ascii: false, table: { start: 0, end: 0 } };
  readonly #depthLimit: number;
  readonly #base: number;
  #page = 0;
  #depth: number;

  /** Reads the header. @param place where the document stands if it is inside another */
  constructor(
    bytes: Uint8Array,
    readonly spending: Spending,
    place: Pick<Opaque, 'at' | 'depth'> = { at: 0, depth: 0 },
  ) {
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#text = this.#buffer.toString('latin1');
    this.#depthLimit = Math.min(spending.limits.depth, deepest);
    this.#base = place.at;
    this.#depth = place.depth;
    this.#preamble = readPreamble(this);
    this.document = this.#preamble.document;
  }

  /** Where the next byte stands in the whole message. */
  get place(): number {
    return this.#base + this.at;
  }

  /** Opens the next child in an element that holds nothing but elements; -1 at its END, which is taken. */
  openChild(parent: string): Tag {
    for (;;) {
      const token = this.byte();
      if (token === globalToken.end) {
        this.#depth--;
        return -1;
      }
      if ((token & tagBits.token) >= tagBits.firstTag) return this.#open(token);
      if (token === globalToken.switchPage) this.#switchPage();
      else this.#skipWhiteSpace(token, parent);
    }
  }

  /** Text up to the next tag or END, which is left: strings, entities and opaque text put together. */
  content(): string {
    if (this.#bytes[this.at] === globalToken.inlineString) {
      this.at++;
      const text = this.#string(this.#bytes.length);
      if (this.#bytes[this.at] === globalToken.end) return text;
      return this.#moreContent(text);
    }
    return this.#moreContent('');
  }

  /** Takes the END of an element; false where a tag stands, of which a complaint can be made. */
  close(): boolean {
    if (this.#peek() !== globalToken.end) return false;
    this.at++;
    this.#depth--;
    return true;
  }

  /**
   * The bytes of an element that holds OPAQUE and nothing else but white space, its END taken; undefined, with nothing taken,
   * for any other.
   */
  opaqueAlone(): Opaque | undefined {
    if (!mayComeBeforeOpaque(this.#bytes[this.at], this.#bytes[this.at + 1])) return undefined;
    const start = this.at;
    const before = this.#skipBlank();
    const opaque = before && this.#bytes[this.at] === globalToken.opaque ? this.#takeOpaque() : undefined;
    if (opaque !== undefined && this.#skipBlank() && this.close()) return opaque;
    // A page that was switched to is switched to again.
    this.at = start;
    return undefined;
  }

  /** Opens the root, whatever page switches stand before it. */
  openRoot(): Tag {
    while (this.#peek() === globalToken.switchPage) {
      this.at++;
      this.#switchPage();
    }
    const token = this.byte();
    if ((token & tagBits.token) < tagBits.firstTag) this.#refuseToken(token, () => this.malformed('the root element is expected'));
    return this.#open(token);
  }

  /** Expects that nothing follows. */
  finish(): void {
    if (this.at < this.#bytes.length) this.malformed('something follows the root element');
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) this.truncated();
    this.at++;
    return byte;
  }

  /** A number of one to five bytes and at most 32 bits. @see WAP-192 WBXML 1.3 § 5.1 */
  number(): number {
    let number = 0;
    for (let length = 1; length <= 5; length++) {
      const byte = this.byte();
      number = number * 0x80 + (byte & 0x7f);
      if (byte < 0x80) {
        if (number > 0xffff_ffff) break;
        return number;
      }
    }
    this.malformed('a number has more than 32 bits');
  }

  /** Skips bytes that are there. */
  skip(length: number): void {
    if (length > this.#bytes.length - this.at) this.truncated();
    this.at += length;
  }

  /** The text at an index of a string table. */
  tableText(index: number, table: { readonly start: number; readonly end: number }): string {
    if (index >= table.end - table.start) this.malformed(`the string table has nothing at ${index}`);
    const after = this.at;
    this.at = table.start + index;
    const text = this.#string(table.end);
    this.at = after;
    return text;
  }

  boundText(length: number): void {
    const { text } = this.spending.limits;
    if (!(length <= text)) this.fail('syncml.text-too-long', { limit: text });
  }

  malformed(what: string): never {
    this.fail('syncml.malformed', { what });
  }

  truncated(): never {
    this.at = this.#bytes.length;
    this.fail('syncml.truncated');
  }

  /** Raises an error with the place in bytes. */
  fail(code: ErrorCode, details: ErrorDetails = {}): never {
    throw new PosternError(code, { ...details, at: this.place });
  }

  #open(token: number): Tag {
    if (token >= tagBits.attributes) this.#refuse('A tag with attributes');
    const tag = this.#page * tagsPerPage + (token & tagBits.token);
    if (tagNames[tag] === undefined) this.#refuseUnknown(token);
    this.hasContent = token >= tagBits.content;
    const spending = this.spending;
    if (!(++spending.elements <= spending.limits.elements)) this.fail('syncml.too-many-elements', { limit: spending.limits.elements });
    if (!(this.#depth + 1 <= this.#depthLimit)) this.fail('syncml.too-deep', { limit: this.#depthLimit });
    if (this.hasContent) this.#depth++;
    return tag;
  }

  #switchPage(): void {
    const page = this.byte();
    this.#page = page;
    if (page < pageCount) return;
    this.at--;
    this.malformed(`there is no code page ${page}`);
  }

  /** The next token after page switches, not taken. */
  #peek(): number {
    while (this.#bytes[this.at] === globalToken.switchPage) {
      this.at++;
      this.#switchPage();
    }
    return this.#bytes[this.at] ?? this.truncated();
  }

  #moreContent(begun: string): string {
    const text = new TextPieces();
    text.add(begun);
    for (;;) {
      const token = this.#peek();
      if (token === globalToken.end || (token & tagBits.token) >= tagBits.firstTag) return text.take();
      this.at++;
      text.add(this.#piece(token));
      this.boundText(text.length);
    }
  }

  #piece(token: number): string {
    switch (token) {
      case globalToken.inlineString:
        return this.#string(this.#bytes.length);
      case globalToken.tableString:
        return this.#fromTable();
      case globalToken.entity:
        return this.#entity();
      case globalToken.opaque:
        return this.#opaquePiece() ?? this.malformed('opaque bytes stand where text is expected');
      default:
        return this.#refuseToken(token, () => this.#refuseUnknown(token));
    }
  }

  /** Opaque bytes of this document as text, or undefined if XML could not carry them. */
  opaqueText({ bytes, at }: Pick<Opaque, 'bytes' | 'at'>): string | undefined {
    const start = at - this.#base;
    return this.#textAt(start, start + bytes.length);
  }

  #takeOpaque(): Opaque {
    this.at++;
    const bytes = this.#opaqueBytes();
    return new Opaque(bytes, this.place - bytes.length, this.#depth);
  }

  /** Passes over strings of white space; false at any other. */
  #skipBlank(): boolean {
    while (this.#peek() === globalToken.inlineString) {
      this.at++;
      if (trimmed(this.#string(this.#bytes.length)) !== '') return false;
    }
    return true;
  }

  #opaqueBytes(): Uint8Array {
    const length = this.number();
    this.skip(length);
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #opaquePiece(): string | undefined {
    const length = this.number();
    this.skip(length);
    return this.#textAt(this.at - length, this.at);
  }

  #entity(): string {
    const start = this.at;
    const point = this.number();
    if (isXmlCodePoint(point)) return String.fromCodePoint(point);
    this.at = start;
    this.malformed('an entity names no character of XML');
  }

  #fromTable(): string {
    const text = this.tableText(this.number(), this.#preamble.table);
    this.spending.fromTables += text.length;
    this.boundText(this.spending.fromTables);
    return text;
  }

  /** The string up to its NUL, which has to stand before `limit`. */
  #string(limit: number): string {
    const bytes = this.#bytes;
    const start = this.at;
    let end = start;
    let seen = 0;
    for (; end < limit; end++) {
      const byte = bytes[end] as number;
      if (byte === 0) break;
      seen |= kinds[byte] as number;
    }
    if (end >= limit) this.#refuseOpenString(limit);
    this.at = end + 1;
    if (seen !== 0) return this.#wideText(start, end) ?? this.#refuseString(start, end);
    this.boundText(end - start);
    return this.#text.slice(start, end);
  }

  /** The text that stands at these places, or undefined if XML could not carry it. */
  #textAt(start: number, end: number): string | undefined {
    let seen = 0;
    for (let at = start; at < end; at++) seen |= kinds[this.#bytes[at] as number] as number;
    if (seen !== 0) return this.#wideText(start, end);
    this.#boundTextAt(start, end - start);
    return this.#text.slice(start, end);
  }

  /** The same where something else than plain characters stands. */
  #wideText(start: number, end: number): string | undefined {
    const text = this.#buffer.toString('utf8', start, end);
    // What is no UTF-8 reads as this character; so does the character itself.
    if (text.includes('\ufffd') && !isUtf8(this.#bytes.subarray(start, end))) return undefined;
    if (forbiddenCharacter(text) !== undefined) return undefined;
    if (this.#preamble.ascii && text.length !== end - start) this.#refuseEncoding();
    this.#boundTextAt(start, text.length);
    return text;
  }

  /** It may have been read long ago: the error says where it stands. */
  #boundTextAt(start: number, length: number): void {
    const { text: limit } = this.spending.limits;
    if (!(length <= limit)) throw new PosternError('syncml.text-too-long', { limit, at: this.#base + start });
  }

  #refuseString(start: number, end: number): never {
    if (!isUtf8(this.#bytes.subarray(start, end))) this.#refuseEncoding();
    this.at = start;
    this.malformed(`the character ${forbiddenCharacter(this.#buffer.toString('utf8', start, end))?.name} is not allowed in XML`);
  }

  #refuseOpenString(limit: number): never {
    if (limit === this.#bytes.length) this.truncated();
    this.malformed('the string table does not end with NUL');
  }

  #skipWhiteSpace(token: number, parent: string): void {
    if (trimmed(this.#piece(token)) !== '') this.fail('syncml.unexpected-text', { parent });
  }

  #refuseEncoding(): never {
    throw new PosternError('syncml.encoding', { encoding: this.#preamble.ascii ? 'us-ascii' : 'utf-8' });
  }

  /** Refuses a token that is neither tag nor text, and calls for `other` complaints. */
  #refuseToken(token: number, other: () => never): never {
    if (token === globalToken.processingInstruction) this.#refuse('A processing instruction');
    const kind = token & tagBits.token;
    if (kind === globalToken.literal) this.#refuse('A literal tag');
    if (kind < globalToken.inlineString && token >= tagBits.content) this.#refuse('An extension token');
    other();
  }

  #refuse(what: string): never {
    this.at--;
    this.fail('syncml.forbidden-markup', { what });
  }

  #refuseUnknown(token: number): never {
    this.at--;
    this.fail('syncml.unknown-token', { token: `0x${token.toString(16).padStart(2, '0')}`, page: this.#page });
  }
}

/** By the first two bytes: what nearly every element holds is a string that begins with no white space. */
function mayComeBeforeOpaque(token: number | undefined, next: number | undefined): boolean {
  if (token === globalToken.inlineString) return next !== undefined && (next === 0 || isWhiteSpace(next));
  return token === globalToken.opaque || token === globalToken.switchPage;
}

function kindOf(byte: number): number {
  if (byte >= 0x80) return beyondAscii;
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d ? forbiddenByte : 0;
}
