/** Where something that the grammar knows stands: a tag, an element with its content, a field, a packet. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What inputs are made of. */
export interface Grammar {
  /** Valid inputs. */
  readonly seeds: readonly Buffer[];
  /** Parts that matter to its readers. */
  readonly pieces: readonly Buffer[];
  /** The parts of a seed. */
  spansOf(seed: Buffer): Span[];
}

/** The matches of a pattern, as spans of the same bytes in Latin-1. */
export function matchesIn(bytes: Buffer, pattern: RegExp): Span[] {
  return Array.from(bytes.toString('latin1').matchAll(pattern), (match) => ({ start: match.index, end: match.index + match[0].length }));
}
