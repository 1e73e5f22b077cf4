/** So many pieces are added as they come: whoever has few has nothing to save. */
const fewPieces = 32;
/** Pieces of this length on the average may cost what they cost. */
const longPiece = 16;
/** So many characters become a string of their own. */
const foldedAt = 1_024;

/**
 * A text that is put together from pieces which may be single characters. A string that grows takes 32 bytes for each piece, and gives none of them back
 * before the text is whole: where they are many and short, their characters are gathered.
 */
export class TextPieces {
  #text = '';
  #pieces = 0;
  #codes: number[] | undefined;
  #count = 0;

  /** Of the text, in UTF-16 units. */
  get length(): number {
    return this.#text.length + this.#count;
  }

  add(piece: string): void {
    this.#pieces++;
    if (this.#pieces > fewPieces && this.#pieces * longPiece > this.length) this.#gather(piece);
    else {
      if (this.#count > 0) this.#fold();
      this.#text += piece;
    }
  }

  /** The whole text; another one can be begun then. */
  take(): string {
    if (this.#count > 0) this.#fold();
    const text = this.#text;
    this.#text = '';
    this.#pieces = 0;
    return text;
  }

  #gather(piece: string): void {
    this.#codes ??= [];
    for (let at = 0; at < piece.length; at++) this.#codes[this.#count++] = piece.charCodeAt(at);
    if (this.#count >= foldedAt) this.#fold();
  }

  #fold(): void {
    if (this.#codes === undefined || this.#count === 0) return;
    this.#text += String.fromCharCode.apply(undefined, this.#codes.slice(0, this.#count));
    this.#count = 0;
  }
}

/**
 * The text with the characters replaced for which there is a replacement; `String.replace` keeps every match until it is done.
 * @param replacement asked with the character's code and that of the next, NaN at the end
 */
export function replaceCharacters(text: string, replacement: (code: number, next: number) => string | undefined): string {
  const pieces = new TextPieces();
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const by = replacement(text.charCodeAt(at), text.charCodeAt(at + 1));
    if (by === undefined) continue;
    if (at > from) pieces.add(text.slice(from, at));
    pieces.add(by);
    from = at + 1;
  }
  if (from < text.length) pieces.add(text.slice(from));
  return pieces.take();
}
