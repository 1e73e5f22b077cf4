import type { Units } from './xml-scanner.js';

const size = 512;

/** A name that is known, with the number that whoever made the table gave it. */
export interface KnownName {
  readonly name: string;
  readonly number: number;
  readonly units: Uint8Array;
}

/** Finds known names in a text without making a string of what it finds: that is half the work of a decoder. */
export class NameTable {
  readonly #slots: (KnownName | undefined)[] = new Array(size).fill(undefined);

  /** Of two names with one slot the first is found; the other has to be read by whoever asks. */
  constructor(names: Iterable<readonly [name: string, number: number]>) {
    for (const [name, number] of names) {
      const units = Uint8Array.from(name, (character) => character.charCodeAt(0));
      this.#slots[slotOf(units, 0, units.length)] ??= { name, number, units };
    }
  }

  /** The known name that stands at these places of the text, or undefined. */
  find(text: Units, start: number, end: number): KnownName | undefined {
    const entry = this.#slots[slotOf(text, start, end)];
    if (entry === undefined || entry.units.length !== end - start) return undefined;
    const units = entry.units;
    for (let at = 0; at < units.length; at++) if (units[at] !== text[start + at]) return undefined;
    return entry;
  }
}

/** Three units and the length tell nearly all names of the element table apart. */
function slotOf(text: Units, start: number, end: number): number {
  const first = text[start] as number;
  const middle = text[(start + end) >> 1] as number;
  const last = text[end - 1] as number;
  return (first * 13 + last * 5 + middle + (end - start)) & (size - 1);
}
