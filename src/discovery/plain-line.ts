/** What a stranger calls itself, as one line for people; undefined where nothing is left of it. */
export function plainLine(text: string, longest = 64): string | undefined {
  // Format characters turn the direction of writing, or are not seen at all.
  const line = text
    .slice(0, 4 * longest)
    .replace(/[\p{C}\p{Z}\uFFFD]+/gu, ' ')
    .trim();
  return line === '' ? undefined : Array.from(line).slice(0, longest).join('').trim();
}
