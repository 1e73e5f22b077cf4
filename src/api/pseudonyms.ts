import { createHmac } from 'node:crypto';
import { logFieldTable } from '#src/base/index.js';

export interface PseudonymsParts {
  /** Makes the pseudonyms of one bundle alike, and those of two bundles different. */
  readonly key: string;
  /** Whether a word is the DevId of a device that is known here. */
  readonly isDevice: (word: string) => boolean;
  /** What is nobody's, such as the gateway's own DevId. */
  readonly nobodys: ReadonlySet<string>;
}

/** What ids of devices look like, so that also one that is not known here is masked inside a sentence. */
const idPattern = /\b(?:urn:(?:imei|esn|meid|mac|uuid)|imei|mac):[^\s"'`,;()<>[\]{}/]+/gi;
const wordPattern = /[^\s"'`,;()<>[\]{}]+/g;
const loopback = /^(?:127\.|::1$|::ffff:127\.)/;

/** Stands in for what names somebody's devices: the same word has the same pseudonym throughout. */
export class Pseudonyms {
  readonly #parts: PseudonymsParts;
  /** Words that are masked wherever they stand, and values that are only where they stand alone: a user name can be any word. */
  readonly #words = new Map<string, string>();
  readonly #values = new Map<string, string>();

  constructor(parts: PseudonymsParts) {
    this.#parts = parts;
  }

  /** The pseudonym of an id or an address; from now on it is masked inside sentences too. */
  word(text: string): string {
    if (text === '' || loopback.test(text) || this.#parts.nobodys.has(text)) return text;
    const made = this.value(text);
    // A word without a digit may be one of any sentence.
    if (/\d/.test(text)) this.#words.set(text, made);
    return made;
  }

  /** The pseudonym of a name. */
  value(text: string): string {
    const made = `masked-${createHmac('sha256', this.#parts.key).update(text).digest('hex').slice(0, 8)}`;
    this.#values.set(text, made);
    return made;
  }

  /** A line of the log, masked by what its fields are. */
  maskLine(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return this.#fields(line);
  }

  /** Any value, with everything masked that has a pseudonym or is an id. */
  mask(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((one) => this.mask(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [this.#text(name), this.mask(inner)]));
  }

  #fields(fields: object): Record<string, unknown> {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, this.#field(name, value)]));
  }

  #field(name: string, value: unknown): unknown {
    if (typeof value === 'string' && isPersonal(name)) return this.word(value);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? this.#fields(value) : value;
  }

  #text(text: string): string {
    const whole = this.#values.get(text);
    if (whole !== undefined) return whole;
    const masked = text.replace(wordPattern, (word) => this.#maskWord(word));
    return masked.replace(idPattern, (id) => (this.#parts.nobodys.has(id) ? id : this.word(id)));
  }

  /** A word can have the full stop of its sentence behind it. */
  #maskWord(word: string): string {
    const bare = word.replace(/[.:!?]+$/, '');
    const known = this.#words.get(bare) ?? (this.#isDevice(bare) ? this.word(bare) : undefined);
    return known === undefined ? word : known + word.slice(bare.length);
  }

  #isDevice(word: string): boolean {
    return word !== '' && !this.#parts.nobodys.has(word) && this.#parts.isDevice(word);
  }
}

function isPersonal(name: string): boolean {
  return Object.hasOwn(logFieldTable, name) && 'personal' in logFieldTable[name as keyof typeof logFieldTable];
}
