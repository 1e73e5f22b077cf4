import { type ErrorCode, type ErrorDetails, PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import { replaceCharacters, TextPieces } from '../text-pieces.js';
import { forbiddenCharacter, isNameStart, isNameUnit, isPlain, isWhiteSpace, isXmlCodePoint } from './xml-characters.js';
import { NameTable } from './xml-name-table.js';

/** What bounds the reading of XML; the bytes are counted by who has them. */
export type ScanLimits = Omit<DecodeLimits, 'bytes'>;
/** The UTF-16 units of the text, or its bytes where it is ASCII: engines read them several times faster than a string. */
export type Units = Uint8Array | Uint16Array;
/** By qualified name, `xmlns` declarations among them. */
export type Attributes = ReadonlyMap<string, string>;

/** The readers recurse; this keeps them off the end of the stack whatever the limits say. */
const deepest = 512;
/** `&#x10FFFF;` with some leading zeros. */
const longestReference = 16;
/** A run of attributes up to this length is remembered: the same one follows again and again. */
const longestTail = 128;
const noAttributes: Attributes = new Map();
const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const entityNames = new NameTable([...entities.keys()].map((name, number) => [name, number] as const));

const markupOpenings = ['<!--', '<![CDATA[', '<!DOCTYPE', '<!ENTITY', '<?xml'];
const refusedMarkup = [
  ['<?', 'A processing instruction'],
  ['<!DOCTYPE', 'A document type in this place'],
  ['<!ENTITY', 'An entity declaration'],
] as const;

const [space, tab, lineFeed, carriageReturn, quote, numberSign, ampersand, apostrophe] = [0x20, 0x09, 0x0a, 0x0d, 0x22, 0x23, 0x26, 0x27];
const [slash, colon, lessThan, equals, greaterThan, question, bang, bracket, semicolon] = [
  0x2f, 0x3a, 0x3c, 0x3d, 0x3e, 0x3f, 0x21, 0x5d, 0x3b,
];

/**
 * Walks well-formed XML tag by tag and refuses the rest: document types but in the prolog, processing instructions,
 * unknown entities, characters that XML forbids. It never looks at a character twice, whatever the input.
 * All methods raise PosternError `syncml.*`.
 *
 * @see XML 1.0 (fifth edition) § 2–4
 */
export class XmlScanner {
  /** Index of the next unit. */
  at = 0;
  /** Of the tag that was opened last: its name without the prefix. */
  name = '';
  /** Of that name: its number in the table of names; -1 for one that does not stand there. */
  known = -1;
  /** Of that tag: the prefix, '' if it has none. */
  prefix = '';
  /** Of that tag: the index of its name with the prefix, to close it with. */
  tag = 0;
  /** Of that tag: the index just after its name. */
  tagEnd = 0;
  attributes: Attributes = noAttributes;
  /** Whether that tag was `<x/>`: nothing is left to close then. */
  selfClosed = false;

  readonly #units: Units;
  readonly #limits: ScanLimits;
  readonly #depthLimit: number;
  #depth = 0;
  #elements = 0;
  /** For one text after the other. */
  readonly #pieces = new TextPieces();
  #tail = 0;
  #tailLength = 0;
  #tailAttributes: Attributes = noAttributes;

  constructor(
    readonly text: string,
    limits: ScanLimits,
    private readonly names?: NameTable,
    units: Units = unitsOf(text),
  ) {
    this.#units = units;
    this.#limits = limits;
    this.#depthLimit = Math.min(limits.depth, deepest);
  }

  /** Opens the next child in an element that holds nothing but elements; false at the tag that closes it. */
  openChild(parent: string): boolean {
    const units = this.#units;
    for (;;) {
      while (isWhiteSpace(units[this.at] as number)) this.at++;
      if (units[this.at] !== lessThan) this.#failInContent(parent);
      const code = units[this.at + 1];
      if (code === slash) return false;
      if (code !== bang && code !== question) {
        this.open();
        return true;
      }
      if (this.text.startsWith('<![CDATA[', this.at)) this.#failInContent(parent);
      this.#skipComment();
    }
  }

  /** Text up to the next tag, decoded: references, CDATA and line ends resolved, comments left out. */
  content(): string {
    let text = this.#characters();
    this.boundText(text.length);
    for (;;) {
      const code = this.unit(this.at + 1);
      if (code !== bang && code !== question) return text;
      if (this.text.startsWith('<![CDATA[', this.at)) text += this.#cdata();
      else this.#skipComment();
      text += this.#characters();
      this.boundText(text.length);
    }
  }

  /** Whether the next tag closes an element; only where a tag is next. */
  atClose(): boolean {
    return this.unit(this.at + 1) === slash;
  }

  /** Reads the start tag that is next. */
  open(): void {
    const start = this.at + 1;
    let local = start;
    let end = this.#nameEnd(start);
    this.prefix = '';
    if (this.unit(end) === colon) {
      this.prefix = this.text.slice(start, end);
      local = end + 1;
      end = this.#nameEnd(local);
    }
    this.tag = start;
    this.tagEnd = end;
    const known = this.names?.find(this.#units, local, end);
    this.name = known === undefined ? this.text.slice(local, end) : known.name;
    this.known = known === undefined ? -1 : known.number;
    this.#count();
    this.#finishTag(end);
  }

  /** Reads the end tag that is next; it has to have the same name as the start tag there. */
  close(tag: number): void {
    const units = this.#units;
    let opened = tag;
    let closed = this.at + 2;
    let unit = units[opened] as number;
    while (unit === units[closed] && unit > space && unit !== greaterThan) {
      unit = units[++opened] as number;
      closed++;
    }
    // The name of a start tag ends at white space or `>`; one with `/` has no end tag.
    if (units[closed] === greaterThan && (unit === greaterThan || unit <= space)) this.at = closed + 1;
    else this.#closeCarefully(tag);
    this.#depth--;
  }

  /** The unit at an index; 0 at the end. */
  unit(at: number): number {
    return this.#units[at] ?? 0;
  }

  /** Reads `name="value"` as often as it comes. */
  readAttributes(): Attributes {
    const found = new Map<string, string>();
    for (;;) {
      const start = this.at;
      this.skipSpace();
      if (!isNameStart(this.unit(this.at))) return found;
      if (this.at === start) this.malformed('white space is missing before an attribute');
      const name = this.readName();
      if (found.has(name)) this.malformed('an attribute is repeated');
      found.set(name, this.#attributeValue());
      if (!(found.size <= this.#limits.attributes)) this.fail('syncml.too-many-attributes', { limit: this.#limits.attributes });
    }
  }

  /** Reads a name with its prefix. */
  readName(): string {
    const start = this.at;
    let end = this.#nameEnd(start);
    if (this.unit(end) === colon) end = this.#nameEnd(end + 1);
    this.at = end;
    return this.text.slice(start, end);
  }

  skipSpace(): void {
    while (isWhiteSpace(this.unit(this.at))) this.at++;
  }

  /** Skips white space and comments around the root. */
  skipMisc(): void {
    this.skipSpace();
    while (this.text.startsWith('<!--', this.at)) {
      this.#skipComment();
      this.skipSpace();
    }
  }

  /** Expects nothing but white space and comments up to the end. */
  finish(): void {
    this.skipMisc();
    if (this.at === this.text.length) return;
    if (this.text.startsWith('<!', this.at) || this.text.startsWith('<?', this.at)) this.refuseMarkup();
    this.malformed('something follows the root element');
  }

  /** Skips these very characters. */
  expect(characters: string): void {
    if (this.text.startsWith(characters, this.at)) this.at += characters.length;
    else if (characters.startsWith(this.text.slice(this.at, this.at + characters.length))) this.truncated();
    else this.malformed(`${characters} is expected`);
  }

  /** Index of the end of something that is delimited; whoever cannot find it has a truncated message. */
  find(delimiter: string, from: number): number {
    const end = this.text.indexOf(delimiter, from);
    if (end < 0) this.truncated();
    return end;
  }

  boundText(length: number): void {
    if (!(length <= this.#limits.text)) this.fail('syncml.text-too-long', { limit: this.#limits.text });
  }

  malformed(what: string): never {
    this.fail(this.at < this.text.length ? 'syncml.malformed' : 'syncml.truncated', { what });
  }

  truncated(): never {
    this.at = this.text.length;
    this.fail('syncml.truncated');
  }

  /** Where the next unit stands in the message, in bytes, counted only when it is needed. */
  get place(): number {
    return Buffer.byteLength(this.text.slice(0, this.at));
  }

  /** Raises an error with the place in bytes. */
  fail(code: ErrorCode, details: ErrorDetails = {}): never {
    throw new PosternError(code, { ...details, at: this.place });
  }

  /** Refuses what begins with `<!` or `<?` here and is no comment. */
  refuseMarkup(): never {
    const rest = this.text.slice(this.at, this.at + '<![CDATA['.length);
    const unfinished = this.at + rest.length === this.text.length;
    if (unfinished && markupOpenings.some((opening) => opening.startsWith(rest))) this.truncated();
    this.fail('syncml.forbidden-markup', { what: refusedMarkup.find(([opening]) => rest.startsWith(opening))?.[1] ?? 'A declaration' });
  }

  #failInContent(parent: string): never {
    if (this.at >= this.text.length) this.truncated();
    this.fail('syncml.unexpected-text', { parent });
  }

  #count(): void {
    if (!(++this.#elements <= this.#limits.elements)) this.fail('syncml.too-many-elements', { limit: this.#limits.elements });
    if (!(++this.#depth <= this.#depthLimit)) this.fail('syncml.too-deep', { limit: this.#depthLimit });
  }

  #nameEnd(start: number): number {
    const units = this.#units;
    if (!isNameStart(units[start] as number)) {
      this.at = start;
      this.malformed('a name is expected');
    }
    let end = start + 1;
    while (isNameUnit(units[end] as number)) end++;
    return end;
  }

  #finishTag(nameEnd: number): void {
    this.selfClosed = false;
    if (this.unit(nameEnd) === greaterThan) {
      this.attributes = noAttributes;
      this.at = nameEnd + 1;
    } else if (this.#isTail(nameEnd)) {
      this.attributes = this.#tailAttributes;
      this.at = nameEnd + this.#tailLength;
    } else this.#finishTagSlowly(nameEnd);
  }

  #finishTagSlowly(nameEnd: number): void {
    this.at = nameEnd;
    const attributes = this.readAttributes();
    this.attributes = attributes.size === 0 ? noAttributes : attributes;
    if (this.unit(this.at) === slash) {
      this.at++;
      this.selfClosed = true;
      this.#depth--;
    }
    this.expect('>');
    if (!this.selfClosed && this.at - nameEnd <= longestTail) this.#remember(nameEnd);
  }

  #remember(tail: number): void {
    this.#tail = tail;
    this.#tailLength = this.at - tail;
    this.#tailAttributes = this.attributes;
  }

  /** Whether what follows the name is what followed the last name with attributes. */
  #isTail(at: number): boolean {
    const units = this.#units;
    const length = this.#tailLength;
    let same = 0;
    while (same < length && units[at + same] === units[this.#tail + same]) same++;
    return length > 0 && same === length;
  }

  #closeCarefully(tag: number): void {
    this.expect('</');
    const name = this.#qualifiedName(tag);
    this.expect(name);
    this.skipSpace();
    this.expect('>');
  }

  #qualifiedName(tag: number): string {
    let end = this.#nameEnd(tag);
    if (this.unit(end) === colon) end = this.#nameEnd(end + 1);
    return this.text.slice(tag, end);
  }

  #attributeValue(): string {
    this.skipSpace();
    if (this.unit(this.at) !== equals) this.malformed('= is expected after the name of an attribute');
    this.at++;
    this.skipSpace();
    const mark = this.unit(this.at);
    if (mark !== quote && mark !== apostrophe) this.malformed('an attribute is not quoted');
    const start = this.at + 1;
    const plainEnd = this.#plainAttributeEnd(start, mark);
    if (this.unit(plainEnd) === mark) {
      this.at = plainEnd + 1;
      return this.text.slice(start, plainEnd);
    }
    const end = this.find(String.fromCharCode(mark), plainEnd);
    const value = this.#decodeAttribute(this.text.slice(start, end), start);
    this.at = end + 1;
    return value;
  }

  /** Where an attribute ends, or what stands for itself in it. */
  #plainAttributeEnd(start: number, mark: number): number {
    const units = this.#units;
    let end = start;
    while (isPlainInAttribute(units[end] as number, mark)) end++;
    return end;
  }

  /** Resolves the references in an attribute whose value begins at `start`. */
  #decodeAttribute(raw: string, start: number): string {
    if (raw.includes('<')) this.malformed('an attribute holds <');
    this.#refuseForbidden(raw);
    if (!raw.includes('&')) return spaced(raw);
    const decoded = this.#pieces;
    let from = 0;
    for (let next = raw.indexOf('&'); next >= 0; next = raw.indexOf('&', from)) {
      if (next > from) decoded.add(spaced(raw.slice(from, next)));
      this.at = start + next;
      decoded.add(this.#reference());
      from = this.at - start;
    }
    decoded.add(spaced(raw.slice(from)));
    return decoded.take();
  }

  /** Text up to the next `<`, decoded. */
  #characters(): string {
    const start = this.at;
    const end = this.#plainEnd(start);
    if (this.unit(end) !== lessThan) return this.#decodeCharacters(start, end);
    this.at = end;
    return this.text.slice(start, end);
  }

  #decodeCharacters(start: number, firstEnd: number): string {
    const decoded = this.#pieces;
    let from = start;
    let end = firstEnd;
    while (this.unit(end) !== lessThan) {
      if (end > from) decoded.add(this.text.slice(from, end));
      this.at = end;
      decoded.add(this.#special());
      from = this.at;
      end = this.#plainEnd(from);
    }
    this.at = end;
    decoded.add(this.text.slice(from, end));
    return decoded.take();
  }

  #plainEnd(from: number): number {
    const units = this.#units;
    let end = from;
    for (;;) {
      while (isPlain(units[end] as number)) end++;
      if (units[end] !== bracket || (units[end + 1] === bracket && units[end + 2] === greaterThan)) return end;
      end++;
    }
  }

  /** Reads what does not stand for itself in text. */
  #special(): string {
    const code = this.unit(this.at);
    if (code === ampersand) return this.#reference();
    if (code === carriageReturn) return this.#lineEnd();
    this.malformed(code === bracket ? ']]> stands in text' : 'a character is not allowed in XML');
  }

  #lineEnd(): string {
    this.at += this.unit(this.at + 1) === lineFeed ? 2 : 1;
    return '\n';
  }

  #reference(): string {
    const start = this.at + 1;
    const stop = start + longestReference;
    let end = start;
    while (end < stop && isReferenceUnit(this.unit(end))) end++;
    if (this.unit(end) !== semicolon) {
      if (end === this.text.length) this.truncated();
      this.malformed('a reference does not end');
    }
    const character = this.unit(start) === numberSign ? this.#numbered(start + 1, end) : this.#named(start, end);
    this.at = end + 1;
    return character;
  }

  #named(start: number, end: number): string {
    const character = entities.get(entityNames.find(this.#units, start, end)?.name ?? '');
    if (character === undefined) this.malformed('a reference names an unknown entity');
    return character;
  }

  #numbered(start: number, end: number): string {
    const point = this.unit(start) === 0x78 ? this.#digits(start + 1, end, 16) : this.#digits(start, end, 10);
    if (!isXmlCodePoint(point)) this.malformed('a reference names no character of XML');
    return String.fromCodePoint(point);
  }

  /** The number that these places write; NaN if they write none. */
  #digits(start: number, end: number, radix: number): number {
    let number = start < end ? 0 : Number.NaN;
    for (let at = start; at < end; at++) {
      const code = this.unit(at);
      const digit = code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
      if (!(digit >= (code <= 0x39 ? 0 : 10) && digit < radix)) return Number.NaN;
      number = number * radix + digit;
    }
    return number;
  }

  #cdata(): string {
    const start = this.at + '<![CDATA['.length;
    const end = this.find(']]>', start);
    const text = this.text.slice(start, end);
    this.#refuseForbidden(text);
    this.at = end + ']]>'.length;
    return text.includes('\r') ? replaceCharacters(text, plainLineEnd) : text;
  }

  /** Skips a comment; whatever else begins with `<!` or `<?` is refused here. */
  #skipComment(): void {
    if (!this.text.startsWith('<!--', this.at)) this.refuseMarkup();
    const start = this.at + '<!--'.length;
    const end = this.find('--', start);
    this.#refuseForbidden(this.text.slice(start, end));
    this.at = end;
    this.expect('-->');
  }

  #refuseForbidden(text: string): void {
    const found = forbiddenCharacter(text);
    if (found !== undefined) this.malformed(`the character ${found.name} is not allowed in XML`);
  }
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  Buffer.from(units.buffer).write(text, 'utf16le');
  return units;
}

/** Letters, digits and `#`. */
function isReferenceUnit(code: number): boolean {
  return code === numberSign || (code < 0x80 && isNameUnit(code));
}

/** Whether a unit may be taken as it is; what is beyond ASCII is looked at more closely. */
function isPlainInAttribute(code: number, mark: number): boolean {
  return code >= space && code < 0x80 && code !== mark && isPlain(code);
}

/** The first half of CR LF goes; CR alone becomes LF. */
function plainLineEnd(code: number, next: number): string | undefined {
  if (code !== carriageReturn) return undefined;
  return next === lineFeed ? '' : '\n';
}

/** White space in an attribute that is not written as a reference is a space. */
function spaced(raw: string): string {
  return /[\r\n\t]/.test(raw) ? replaceCharacters(raw, asSpace) : raw;
}

function asSpace(code: number, next: number): string | undefined {
  if (code === carriageReturn && next === lineFeed) return '';
  return code === carriageReturn || code === lineFeed || code === tab ? ' ' : undefined;
}
