/** The candidate that takes the fewest changed, missing, added or swapped characters to reach; undefined if there is none. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  return ranked.sort((a, b) => a.steps - b.steps)[0]?.candidate;
}

/** How many single steps lie between two words; a swap of neighbours is one. */
export function distance(from: string, to: string): number {
  // A key of the file can have any length; a known one is short.
  const word = from.slice(0, 64);
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= word.length; row++) rows.push(nextRow(rows, word, to));
  return rows[word.length]?.[to.length] ?? to.length;
}

function nextRow(rows: readonly number[][], from: string, to: string): number[] {
  const row = rows.length;
  const current = [row];
  const at = (back: number, column: number) => rows[row - back]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let column = 1; column <= to.length; column++) {
    const same = from[row - 1] === to[column - 1];
    const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
    const straight = Math.min(at(1, column) + 1, (current[column - 1] ?? 0) + 1, at(1, column - 1) + (same ? 0 : 1));
    current.push(swapped ? Math.min(straight, at(2, column - 2) + 1) : straight);
  }
  return current;
}
