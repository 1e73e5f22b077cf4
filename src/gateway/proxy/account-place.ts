/** Where accounts live on a device. @see OMA DM StdObj 1.2 § 5.3.1 */
export const accountRoot = 'DMAcc';

/**
 * Whether a URI leads to an account, read as generously as the most lenient device might: empty and dot segments,
 * percent-encoding, a way up and down again.
 */
export function isAccountUri(...parts: readonly (string | undefined)[]): boolean {
  const path = parts.map((part) => part?.split('?')[0] ?? '').join('/');
  return resolve(path) === accountRoot || resolve(decoded(path)) === accountRoot;
}

/** The first node below the root. */
function resolve(path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments[0];
}

function decoded(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
