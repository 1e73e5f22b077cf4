/** The names on the way from the root to a node, as somebody may read them out of a URI. */
export type Reading = (uri: string) => readonly string[];

/**
 * How a URI may be read. We cannot know how lenient a device is, so a right holds only if it holds in each of them: all
 * take empty and dot segments and a way up for what they are in a path; two take percent-encoding off, after the
 * question has been cut off or before.
 */
export const readings: readonly Reading[] = [
  (uri) => segmentsOf(nodeOf(uri)),
  (uri) => segmentsOf(decoded(nodeOf(uri))),
  (uri) => segmentsOf(nodeOf(decoded(uri))),
];

function nodeOf(uri: string): string {
  return uri.split('?')[0] ?? '';
}

function segmentsOf(path: string): readonly string[] {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments;
}

function decoded(uri: string): string {
  return uri.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
